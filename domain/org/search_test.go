package org_test

import (
	"errors"
	"strings"
	"testing"

	"twinledger/domain/fault"
	"twinledger/domain/org"
)

func TestSearch(t *testing.T) {
	none, several := fault.New(fault.NotFound, "test.none", "无", "none"), fault.New(fault.Invalid, "test.several", "多", "several")
	bearer := func(key, as string, void bool, names ...string) org.NamedParty {
		return org.NamedParty{Key: key, Name: names[0], Names: names, IdentifiedAs: as, Void: void}
	}
	search := org.Search{
		Among: []org.NamedParty{
			bearer("a", "", false, "清涧县第二小学共同体", "清涧二小共同体"),
			bearer("b", "", false, "清涧县第三小学共同体"),
			bearer("c", "a", false, "清涧二小共同体"),
			bearer("d", "", true, "石嘴驿镇共同体"),
			bearer("e", "", false, "实验小学"), bearer("f", "", false, "实验小学"),
			bearer("g", "", false, "实验"),
		},
		Normal: func(s string) string { return strings.ReplaceAll(s, " ", "") }, Parts: true, None: none, Several: several,
	}
	whole := search
	whole.Parts = false
	for _, test := range []struct {
		situation string
		search    org.Search
		wanted    string
		key       string
		err       *fault.Error
		says      string
	}{
		{"the key", search, "d", "d", nil, ""},
		{"the whole name, typed otherwise", search, "清涧县 第三小学共同体", "b", nil, ""},
		{"a name of one and of another that is said to be that one", search, "清涧二小共同体", "a", nil, ""},
		{"a part that fits one", search, "第二小学", "a", nil, ""},
		{"a part that fits one, where parts will not do", whole, "第二小学", "", none, "nearest=清涧县第二小学共同体"},
		{"a part of the name of one that is said to be another", search, "涧二小", "", none, ""},
		{"a whole name that is a part of others", search, "实验", "g", nil, ""},
		{"a part that fits two", search, "清涧县", "", several, "fits=清涧县第三小学共同体、清涧县第二小学共同体"},
		{"a name of two", search, "实验小学", "", several, "fits=实验小学 e、实验小学 f"},
		{"the name of a void one", search, "石嘴驿镇共同体", "", none, ""},
		{"a character that is wrong", search, "第四小学", "", none, "nearest=实验小学、清涧县第三小学共同体、清涧县第二小学共同体"},
		{"nothing", search, "", "", none, ""},
	} {
		key, err := test.search.Key(test.wanted)
		said, _ := fault.As(err)
		if key != test.key || (test.err == nil) != (err == nil) || test.err != nil && !errors.Is(err, test.err) || said != nil && !strings.Contains(said.Message(), test.says) {
			t.Errorf("%s: %q, %v", test.situation, key, err)
		}
	}
}
