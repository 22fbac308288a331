package datafolder

// CollectLess is [collectLess], for benchmarks that read a log as a build does.
var CollectLess = collectLess
