package datafolder

import "golang.org/x/sys/windows"

// freeSpace returns how many bytes may be written to the disk of a folder.
func freeSpace(folder string) (bytes uint64, known bool) {
	path, err := windows.UTF16PtrFromString(folder)
	if err != nil {
		return 0, false
	}
	if err := windows.GetDiskFreeSpaceEx(path, &bytes, nil, nil); err != nil {
		return 0, false
	}
	return bytes, true
}
