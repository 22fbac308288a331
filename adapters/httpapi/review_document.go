package httpapi

// The structs in this file describe the JSON of [review.Review] in the OpenAPI
// document, which keeps its own tags for storage. Nothing is encoded by them: a
// review is sent as its own bytes.

// A reviewJSON describes a term review, template 1.
type reviewJSON struct {
	Form             string                 `json:"form" enum:"twinledger-term-review" doc:"What the document is." example:"twinledger-term-review"`
	Evaluator        int                    `json:"evaluator" doc:"Version of the rules' evaluation." example:"1"`
	Template         int                    `json:"template" doc:"Version of this form." example:"1"`
	Ledger           string                 `json:"ledger" doc:"Id of the ledger." example:"k3m9x2qdtf"`
	AsOf             reviewAsOfJSON         `json:"as_of" doc:"The state of the ledger that the review speaks of."`
	JudgedOn         string                 `json:"judged_on" format:"date" doc:"What is dated after this day has not taken place." example:"2018-07-03"`
	District         namedJSON              `json:"district" doc:"The district."`
	Community        namedJSON              `json:"community" doc:"The community."`
	Term             reviewTermJSON         `json:"term" doc:"The term."`
	Programme        orNull[inForceJSON]    `json:"programme" doc:"The programme that the term is judged by; null when none is in force."`
	Parties          []partyJSON            `json:"parties" doc:"The schools of the community with their roles."`
	Obligations      []obligationJSON       `json:"obligations" doc:"The programme's rules with their verdicts, in its order."`
	Counts           []countJSON            `json:"counts" doc:"Totals by kind."`
	Registers        []reviewRegisterJSON   `json:"registers" doc:"The records of the term, by kind of record."`
	Incomplete       []lackingJSON          `json:"incomplete" doc:"Records that leave something unknown."`
	Unevidenced      []RefJSON              `json:"no_evidence" doc:"Records of the term that name no evidence."`
	Unplaced         []unplacedJSON         `json:"unplaced" doc:"Records that may lie in the term, or go beyond it; they count in none."`
	Held             []heldJSON             `json:"held" doc:"Imported rows that could not be counted as they stand."`
	Unassigned       []RefJSON              `json:"unassigned" doc:"Records and held rows of the district that name no community."`
	WithoutCommunity []EntryJSON            `json:"without_community" doc:"Of these, the records that lie between schools of this community and may lie in the term. They count in no number; a shortfall that one of them could close cannot be judged."`
	Corrections      []reviewCorrectionJSON `json:"corrections" doc:"Corrections and voidings of what is, or was before them, of this community and term, and of its calendar."`
	Shared           []sharedJSON           `json:"counted_more_than_once" doc:"Records that count towards several obligations."`
	Changes          []schoolChangeJSON     `json:"school_changes,omitempty" doc:"What happened to schools and bears on this review; left out when nothing did."`
	Undecided        []UndecidedJSON        `json:"undecided_duplicates" doc:"Records of the term that may tell of the same thing as another one, or be contained in it, about which nobody has decided."`
	ToldTwice        []toldTwiceJSON        `json:"told_twice,omitempty" doc:"Records of the term that count nowhere, because another one tells of the same thing and stands for both, by somebody's decision. Left out when there are none."`
	NotTakenPlace    []notTakenPlaceJSON    `json:"not_taken_place,omitempty" doc:"Records of the term whose thing has not taken place, or never will: applied for, planned, due, refused, or dated after the day judged on; they count nowhere. Left out when there are none."`
}

type reviewAsOfJSON struct {
	Ordinal  uint64 `json:"ordinal" doc:"The last record that was known." example:"1250"`
	Hash     string `json:"running_hash" doc:"Running hash of the ledger up to it, in hex." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	Recorded string `json:"recorded" format:"date-time" doc:"When it was recorded." example:"2018-07-03T08:00:00.000Z"`
}

// A namedJSON is a key with its name, of a district, community or school.
type namedJSON struct {
	Key  string `json:"key" doc:"The key." example:"school-01980a6e-7c10-7000-8000-000000000005"`
	Name string `json:"name" doc:"The name at that point, of a school at the end of the term; empty when it is not known." example:"城关第一小学"`
	Was  string `json:"formerly,omitempty" doc:"The name at the beginning of the term, of a school that was renamed within it." example:"城关小学"`
}

type reviewTermJSON struct {
	Code     string          `json:"code" doc:"The term." example:"2017-2018/2"`
	ZH       string          `json:"zh" doc:"The same in Chinese." example:"2017—2018学年第二学期"`
	From     string          `json:"from" doc:"First day; empty without a published calendar." example:"2018-03-01"`
	To       string          `json:"to" doc:"Last day; empty without a published calendar." example:"2018-08-31"`
	Assumed  bool            `json:"assumed" doc:"The calendar was assumed, not published." example:"true"`
	Calendar orNull[RefJSON] `json:"calendar" doc:"The record of the district's calendar of the school year; null when none stands."`
}

// A wordsJSON is a text in two languages.
type wordsJSON struct {
	ZH string `json:"zh" doc:"In Chinese." example:"成员学校"`
	EN string `json:"en" doc:"In English." example:"member school"`
}

type inForceJSON struct {
	Code     string      `json:"code" doc:"Code of the programme." example:"county-1plusn"`
	Title    wordsJSON   `json:"title" doc:"Its title."`
	Source   string      `json:"source" doc:"The document that it was taken from." example:"某县教育共同体实施方案"`
	Version  int         `json:"version" doc:"Version of the publication; 0 when it is not published." example:"1"`
	Event    string      `json:"event" doc:"Id of the publication; empty when it is not published." example:"01980a6e-7c10-5000-8000-000000000007"`
	Digest   string      `json:"digest" doc:"SHA-256 of the programme, in hex." example:"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"`
	From     string      `json:"from" doc:"First day in force; empty when open or not published." example:"2017-09-01"`
	To       string      `json:"to" doc:"Last day in force; empty when open or not published." example:"2020-08-31"`
	WhatIf   bool        `json:"what_if" doc:"Asked for as if it were in force." example:"false"`
	Silences []wordsJSON `json:"silences" doc:"What the plan leaves open."`
}

// RefJSON opens a figure.
type RefJSON struct {
	Record string              `json:"record" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Events []traceJSON         `json:"events" doc:"The events behind it."`
	Source orNull[fromRowJSON] `json:"source" doc:"Where it was read; null when it was not imported."`
}

// A fromRowJSON is the place where an imported record was read.
type fromRowJSON struct {
	Import string `json:"import" doc:"Key of the import." example:"import-01980a6e-7c10-7000-8000-000000000006"`
	Sheet  int    `json:"sheet" doc:"Index of the sheet, from 0." example:"0"`
	Row    int    `json:"row" doc:"Physical row, from 1." example:"7"`
}

type traceJSON struct {
	Ordinal  uint64 `json:"ordinal" doc:"Its place in the ledger." example:"57"`
	ID       string `json:"id" doc:"Id of the event." example:"01980a6e-7c10-5000-8000-000000000007"`
	Type     string `json:"type" doc:"Its type." example:"lesson.reported"`
	Recorded string `json:"recorded" format:"date-time" doc:"When it was recorded." example:"2018-07-03T08:00:00.000Z"`
}

type partyJSON struct {
	School namedJSON `json:"school" doc:"The school."`
	Role   string    `json:"role" doc:"The glossary's code of its part." example:"core_school"`
	Word   wordsJSON `json:"word" doc:"The plan's own word for the role, else the glossary's."`
	Basis  string    `json:"basis" enum:"founding,roster" doc:"What the membership is known from." example:"founding"`
	Since  string    `json:"since" doc:"From when, as precisely as it is known." example:"day:2017-09-01"`
	Until  string    `json:"until" doc:"Until when; empty while it lasts." example:"term:2018-2019/1"`
	Record RefJSON   `json:"record" doc:"The record of it."`
}

type obligationJSON struct {
	ID       string          `json:"id" doc:"Id of the rule within its programme." example:"demo-lessons"`
	Text     wordsJSON       `json:"text" doc:"The rule in words."`
	Section  string          `json:"section" doc:"Where it stands in the plan." example:"三（二）"`
	Strength string          `json:"strength" enum:"hard,soft,practice" doc:"hard: a duty; soft: encouraged; practice: told as done elsewhere." example:"hard"`
	Per      string          `json:"per" enum:"community,member_school" doc:"Whom it is judged for." example:"community"`
	AtLeast  int             `json:"at_least" doc:"How many are owed." example:"4"`
	Kinds    []kindWordsJSON `json:"kinds" doc:"Kinds of records that count."`
	Notes    []wordsJSON     `json:"notes" doc:"Notes to the rule."`
	Results  []resultJSON    `json:"results" doc:"The verdicts."`
}

type kindWordsJSON struct {
	Code string `json:"code" doc:"Code of the kind." example:"demo_lesson"`
	ZH   string `json:"zh" doc:"In Chinese." example:"示范课"`
	EN   string `json:"en" doc:"In English." example:"demo lesson"`
}

type resultJSON struct {
	School     orNull[namedJSON] `json:"school" doc:"The school; null when the community as a whole is judged."`
	Achieved   int               `json:"achieved" doc:"How many were done." example:"3"`
	AtLeast    bool              `json:"achieved_at_least" doc:"There were at least so many." example:"false"`
	Status     string            `json:"status" enum:"met,short,due,cannot_be_judged" doc:"The verdict." example:"short"`
	ShortBy    int               `json:"short_by" doc:"How many are missing." example:"1"`
	Excess     int               `json:"excess" doc:"How many beyond what is owed." example:"0"`
	Because    []string          `json:"because" doc:"Why it cannot be judged; empty otherwise." example:"undated"`
	Counted    []countedJSON     `json:"counted" doc:"The records that count."`
	Open       []lookedJSON      `json:"open" doc:"Records that could close a shortfall, but lack something."`
	NotCounted []lookedJSON      `json:"not_counted" doc:"Records that were looked at, and why they do not count."`
	Overlaps   []postingsJSON    `json:"overlaps,omitempty" doc:"Postings of one person that take the same days, one of which is counted; left out when there are none."`

	PerhapsTwice []perhapsTwiceJSON `json:"perhaps_twice,omitempty" doc:"Those of the counted records, and of those that would count if they had a number, that may tell of the same thing as another one, about which nobody has decided. Left out when there are none."`
	WithoutThem  *int               `json:"without_them,omitempty" doc:"What is achieved without them; left out when there are none." example:"2"`
}

// UndecidedJSON is a record that may tell of the same thing as another one.
type UndecidedJSON struct {
	Record string `json:"record" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000002"`
	Other  string `json:"other" doc:"Key of the other one." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Part   bool   `json:"part,omitempty" doc:"The record has no number, and the other one has and may contain it; left out otherwise." example:"true"`
}

// A perhapsTwiceJSON is a record of a figure that may tell of the same thing as another.
type perhapsTwiceJSON struct {
	UndecidedJSON
	Number string `json:"number" doc:"What the record adds to the figure, a decimal." example:"1"`
}

// A postingsJSON is two postings of one person that overlap.
type postingsJSON struct {
	Person   string    `json:"person" doc:"Key of the person." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Postings []RefJSON `json:"postings" minItems:"2" maxItems:"2" doc:"The two postings."`
	Certain  bool      `json:"certain" doc:"Both certainly take all of these days; else they may." example:"true"`
	From     string    `json:"from" doc:"The first of the days in question; empty where that is open." example:"2018-05-01"`
	Until    string    `json:"until" doc:"The last of them; empty where that is open." example:"2018-05-31"`
}

type countedJSON struct {
	RefJSON
	Number  int  `json:"number" doc:"How many occurrences it gave." example:"2"`
	AtLeast bool `json:"at_least" doc:"At least so many." example:"false"`
	Beyond  bool `json:"reaches_beyond,omitempty" doc:"Its dates reach beyond the day judged on." example:"true"`
}

type lookedJSON struct {
	RefJSON
	Reasons []string `json:"reasons" doc:"Why." example:"other_direction"`
}

type countJSON struct {
	Kind       kindWordsJSON  `json:"kind" doc:"The kind."`
	Measure    string         `json:"measure" doc:"What the total counts: occurrences, or the written measure." example:"occurrences"`
	Total      string         `json:"total" doc:"The total, a decimal." example:"31"`
	Bound      string         `json:"bound" enum:",exact,at_least,about" doc:"How the total is meant." example:"exact"`
	Records    int            `json:"records" doc:"How many records." example:"14"`
	Numbered   int            `json:"numbered" doc:"Those with a number." example:"13"`
	Unnumbered int            `json:"unnumbered" doc:"Those without." example:"1"`
	Subjects   []string       `json:"subjects" doc:"Subjects of the numbered records." example:"数学,语文"`
	From       []namedJSON    `json:"from" doc:"Sending schools of the numbered records."`
	Counted    []RefJSON      `json:"counted" doc:"The numbered records."`
	Listed     []RefJSON      `json:"listed" doc:"The others; they add nothing."`
	Overlaps   []postingsJSON `json:"overlaps,omitempty" doc:"Postings of one person that take the same days, one of which is among these records; left out when there are none."`

	PerhapsTwice []perhapsTwiceJSON `json:"perhaps_twice,omitempty" doc:"Those of the records that may tell of the same thing as another one, about which nobody has decided. Left out when there are none."`
	WithoutThem  string             `json:"without_them,omitempty" doc:"The total without them, a decimal; left out when there are none." example:"29"`
}

type reviewRegisterJSON struct {
	Kind    string      `json:"kind" doc:"Kind of record." example:"lesson"`
	ZH      string      `json:"zh" doc:"Title in Chinese." example:"课例登记"`
	EN      string      `json:"en" doc:"Title in English." example:"lesson register"`
	Entries []EntryJSON `json:"entries" doc:"Its lines."`
}

// EntryJSON is one line of a register.
type EntryJSON struct {
	RefJSON
	Occurred  string              `json:"occurred" doc:"When, as precisely as it is known." example:"day:2018-04-18"`
	Workflow  bool                `json:"workflow" doc:"Made by the workflow, not reported afterwards." example:"false"`
	Kinds     []kindWordsJSON     `json:"kinds" doc:"What took place."`
	Mode      string              `json:"mode" enum:"online,offline,mixed,unknown" doc:"Whether people met." example:"offline"`
	Title     storedTextJSON      `json:"title" doc:"What it was about."`
	Item      *storedTextJSON     `json:"item,omitempty" doc:"What was given, of a donation."`
	Subjects  []string            `json:"subjects" doc:"Subjects as written." example:"数学"`
	From      []reviewUnitJSON    `json:"from" doc:"Who teaches, sends or inspects."`
	To        []reviewUnitJSON    `json:"to" doc:"Where, who receives or is inspected."`
	People    []string            `json:"people" doc:"Keys of the people named, never their names." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Quantity  quantityJSON        `json:"quantity" doc:"How much the record says there was."`
	Start     string              `json:"start,omitempty" doc:"First day of an exchange." example:"day:2018-03-01"`
	End       string              `json:"end,omitempty" doc:"Last day of an exchange." example:"unknown"`
	Findings  []reviewFindingJSON `json:"findings,omitempty" doc:"Findings of an inspection."`
	Own       []particularJSON    `json:"particulars,omitempty" doc:"What its kind alone says: the value of an indicator, the post held of an exchange. Left out when it says none of it."`
	Evidence  []storedTextJSON    `json:"evidence" doc:"Evidence as named; empty when none is named."`
	Unknowns  []string            `json:"unknowns" doc:"What the record should say and does not." example:"day"`
	Corrected bool                `json:"corrected" doc:"A correction replaced what was first said." example:"false"`
	Late      bool                `json:"late" doc:"Recorded after the term's last day." example:"true"`
	Beyond    bool                `json:"reaches_beyond,omitempty" doc:"It has begun, and its dates reach beyond the day judged on." example:"true"`
}

// A storedTextJSON is a text as it is stored: in clear or sealed.
type storedTextJSON struct {
	Clear  string      `json:"clear,omitempty" doc:"The text; left out when there is none or it is sealed." example:"分数的初步认识"`
	Sealed *sealedJSON `json:"sealed,omitempty" doc:"The sealed text; left out when there is none or it is in clear."`
}

type sealedJSON struct {
	Form int      `json:"form" doc:"Form of the seal." example:"1"`
	Keys []string `json:"keys" doc:"Names of the keys, the outermost first." example:"person-01980a6e-7c10-8000-8000-000000000004"`
	Box  string   `json:"box" doc:"Nonce, ciphertext and tag in base64." example:"q83vASNFZ4k="`
}

type reviewUnitJSON struct {
	School *namedJSON `json:"school,omitempty" doc:"The school; left out of a group."`
	Group  string     `json:"group,omitempty" enum:"members" doc:"The group; left out of a school." example:"members"`
	As     *namedJSON `json:"recorded_as,omitempty" doc:"The school that the record itself names, when another carried what it tells of."`
}

type reviewFindingJSON struct {
	Dimension reviewWordJSON `json:"dimension" doc:"Under which dimension."`
	Text      storedTextJSON `json:"text" doc:"What was found."`
	Grade     string         `json:"grade,omitempty" doc:"Grade as given." example:"良好"`
	Noted     bool           `json:"noted,omitempty" doc:"A step of the inspection's course tells it; left out of what its facts say." example:"true"`
}

type reviewWordJSON struct {
	Text string `json:"text" doc:"As written." example:"队伍建设"`
	Code string `json:"code,omitempty" doc:"Code where one is known." example:"team"`
}

type lackingJSON struct {
	RefJSON
	Unknowns []string `json:"unknowns" doc:"What it leaves unknown." example:"number"`
}

type unplacedJSON struct {
	EntryJSON
	Place  string `json:"place" enum:"overlapping,term-unknown,perhaps-ahead" doc:"How its date lies to the term; perhaps-ahead: in the term, and perhaps after the day judged on." example:"overlapping"`
	Partly bool   `json:"partly,omitempty" doc:"It certainly went on in the term, and not certainly in it alone." example:"true"`
}

// A particularJSON is what one kind alone says.
type particularJSON struct {
	ZH   string `json:"zh" doc:"What it is, in Chinese." example:"任职"`
	EN   string `json:"en" doc:"In English." example:"post held"`
	Text string `json:"text,omitempty" doc:"As written; left out of a date." example:"副校长"`
	When string `json:"when,omitempty" doc:"The date; left out of what is none." example:"day:2018-07-06"`
}

type notTakenPlaceJSON struct {
	EntryJSON
	Kind  string `json:"kind" doc:"Kind of record." example:"filing"`
	Stage string `json:"stage" doc:"How far it has come." example:"due"`
	Due   string `json:"due,omitempty" doc:"By when something is owed because of it; left out when nothing is." example:"day:2018-06-30"`
	Ahead bool   `json:"ahead,omitempty" doc:"It is dated after the day judged on, whatever its stage." example:"true"`
}

type toldTwiceJSON struct {
	EntryJSON
	Kind   string `json:"kind" doc:"Kind of record." example:"lesson"`
	Stands string `json:"stands" doc:"Key of the record that counts." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Event  string `json:"event" doc:"Id of the event that decided." example:"01980a6e-7c10-5000-8000-000000000007"`
}

type heldJSON struct {
	RefJSON
	When     string            `json:"when" doc:"When, as far as it could be read." example:"unknown"`
	Problems []heldProblemJSON `json:"problems" doc:"What is wrong with the row."`
}

type heldProblemJSON struct {
	Code   string `json:"code" doc:"Code of the problem." example:"calendar.unreadable-date"`
	Column string `json:"column" doc:"Heading of the column." example:"时间"`
}

type reviewCorrectionJSON struct {
	Ordinal  uint64         `json:"ordinal" doc:"Its place in the ledger." example:"57"`
	ID       string         `json:"id" doc:"Id of the event." example:"01980a6e-7c10-5000-8000-000000000008"`
	Type     string         `json:"type" doc:"Its type." example:"lesson.corrected"`
	Recorded string         `json:"recorded" format:"date-time" doc:"When it was recorded." example:"2018-07-03T08:00:00.000Z"`
	Target   string         `json:"target" doc:"Id of the event corrected or voided." example:"01980a6e-7c10-5000-8000-000000000007"`
	Reason   storedTextJSON `json:"reason" doc:"Why."`
	RefJSON
}

type schoolChangeJSON struct {
	RefJSON
	School   namedJSON   `json:"school" doc:"The school."`
	Change   string      `json:"change" enum:"renamed,merged,split,placed_under,identified" doc:"What happened." example:"merged"`
	On       string      `json:"on,omitempty" format:"date" doc:"From which day; left out of an identification." example:"2018-02-10"`
	Name     string      `json:"name,omitempty" doc:"Of a renaming, the new name." example:"县实验小学"`
	Others   []namedJSON `json:"others,omitempty" doc:"The successor, those that followed, the parent, or the school that it is the same as."`
	Question string      `json:"question,omitempty" enum:"successor_not_member,none_of_split_member" doc:"What it leaves open about the membership that ended." example:"successor_not_member"`
	Ahead    bool        `json:"ahead,omitempty" doc:"It happens after the day judged on and changes nothing yet." example:"true"`
}

type sharedJSON struct {
	Record      string   `json:"record" doc:"Key of the record." example:"lesson-01980a6e-7c10-7000-8000-000000000001"`
	Obligations []string `json:"obligations" doc:"Ids of the obligations." example:"demo-lessons,outreach-lessons"`
}
