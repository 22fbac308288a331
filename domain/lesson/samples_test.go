package lesson_test

import (
	"testing"

	"twinledger/domain/event/eventtest"
	"twinledger/domain/lesson"
)

func TestSamples(t *testing.T) { eventtest.Samples(t, lesson.Register) }
