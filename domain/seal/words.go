package seal

import (
	_ "embed" // the lists of words
	"strings"
)

var (
	//go:embed words/ordinary_words.txt
	ordinaryList string
	//go:embed words/nobody_before_posts.txt
	nobodyBeforePostsList string
	//go:embed words/dictionary_words.txt
	dictionaryList string
	//go:embed words/lesson_titles.txt
	lessonTitleList string
	//go:embed words/people_of_books.txt
	peopleOfBooksList string
	//go:embed words/doings.txt
	doingList string
	//go:embed words/after_posts.txt
	afterPostList string
	//go:embed words/cues.txt
	cueList string
	//go:embed words/callers.txt
	callerList string
	//go:embed words/before_names.txt
	beforeNameList string
)

var (
	// ordinaryWords are taken out of a text before it is searched for a family name with a
	// post, longest first.
	ordinaryWords = byLength(append(wordsOf(ordinaryList), wordsOf(nobodyBeforePostsList)...))

	// ordinaryNames name nobody by themselves and somebody with a post behind them.
	ordinaryNames = setOf(ordinaryList)

	// nobodyBeforePosts name nobody even where a post stands behind them: 高级教师.
	nobodyBeforePosts = setOf(nobodyBeforePostsList)

	// dictionaryWords and lessonTitles have the form of a name and name nobody.
	dictionaryWords = setOf(nobodyBeforePostsList, dictionaryList, lessonTitleList)

	// nameless are all words, titles and people of books that have the form of a name.
	nameless = setOf(nobodyBeforePostsList, dictionaryList, lessonTitleList, ordinaryList, peopleOfBooksList)

	// peopleOfBooks are people of history and of school books, of whom lessons are given.
	// Somebody who is called a teacher, a headmaster and the like is another of that name.
	peopleOfBooks = byLength(wordsOf(peopleOfBooksList))

	// doings are what follows a name: 王小明示范课, 李明教案.
	doings = indexed(wordsOf(doingList))

	// afterPosts are what follows a name with a post in front of it.
	afterPosts = indexed(wordsOf(afterPostList))

	// cues are what stands before a name: 执教：王芳, 副校长陆小曼.
	cues = indexed(append(wordsOf(cueList), postWords...))

	// callers are what stands before a name behind which something is said of the person.
	callers = indexed(wordsOf(callerList))

	// beforeNames are what stands before a name at the end of a text.
	beforeNames = indexed(wordsOf(beforeNameList))
)

// wordsOf returns the words of a list, whose lines with # say what it holds.
func wordsOf(list string) []string {
	var words []string
	for line := range strings.Lines(list) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	return words
}

func setOf(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, list := range lists {
		for _, word := range wordsOf(list) {
			set[word] = true
		}
	}
	return set
}

// A wordIndex finds which of its words stand at a place.
type wordIndex struct{ byFirst, byLast map[rune][][]rune }

func indexed(words []string) wordIndex {
	x := wordIndex{map[rune][][]rune{}, map[rune][][]rune{}}
	for _, word := range words {
		runes := []rune(word)
		first, last := runes[0], runes[len(runes)-1]
		x.byFirst[first], x.byLast[last] = append(x.byFirst[first], runes), append(x.byLast[last], runes)
	}
	return x
}
