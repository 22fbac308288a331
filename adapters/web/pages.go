package web

import (
	"fmt"
	"net/http"
	"net/url"

	"twinledger/domain/calendar"
	"twinledger/domain/pairing"
	"twinledger/projections/communities"
)

// An ask is the form with which another question is asked of the same page.
type ask struct {
	Action, AsOf, JudgedOn, Programme string
	Choices                           []option
}

// An option is a programme to judge by.
type option struct {
	Code, Title string
	Chosen      bool
}

func (s server) ask(r *http.Request) (*ask, error) {
	choices, err := s.source.Programmes(r.Context())
	if err != nil {
		return nil, fmt.Errorf("programmes: %w", err)
	}
	query := r.URL.Query()
	a := &ask{Action: r.URL.EscapedPath(), AsOf: query.Get("as_of"), JudgedOn: query.Get("judged_on"), Programme: query.Get("programme")}
	offered := a.Programme == ""
	for _, c := range choices {
		chosen := c.Code == a.Programme
		a.Choices = append(a.Choices, option{c.Code, plain(fromWords(c.Title)), chosen})
		offered = offered || chosen
	}
	if !offered {
		a.Choices = append(a.Choices, option{a.Programme, a.Programme, true})
	}
	return a, nil
}

// query carries the question on to another page.
func (a ask) query() string {
	values := url.Values{}
	if a.AsOf != "" {
		values.Set("as_of", a.AsOf)
	}
	if a.JudgedOn != "" {
		values.Set("judged_on", a.JudgedOn)
	}
	if a.Programme != "" {
		values.Set("programme", a.Programme)
	}
	if len(values) == 0 {
		return ""
	}
	return "?" + values.Encode()
}

// review makes the page of a review.
func (s server) review(r *http.Request) (page, error) {
	term := r.PathValue("term")
	if term == "" {
		term = r.PathValue("year") + "/" + r.PathValue("number")
	}
	if _, err := calendar.ReadTerm(term); err != nil {
		return page{}, err
	}
	form, err := s.ask(r)
	if err != nil {
		return page{}, err
	}
	found, err := s.source.Review(r.Context(), Question{r.PathValue("community"), term, form.AsOf, form.JudgedOn, form.Programme})
	if err != nil {
		return page{}, fmt.Errorf("review: %w", err)
	}
	_, sha256, err := found.Bytes()
	if err != nil {
		return page{}, fmt.Errorf("review: %w", err)
	}
	laid, err := layOver(r.Context(), found, s.overlay(r))
	if err != nil {
		return page{}, fmt.Errorf("review: %w", err)
	}
	d := compose(found, sha256, laid)
	d.Served, d.Ask = true, form
	return page{"review.html", d}, nil
}

// An index is the page of all communities.
type index struct {
	frame
	Overview    Overview
	Recorded    string
	Ask         *ask
	Communities []communityLine
}

// A communityLine is one community of the index.
type communityLine struct {
	Name, District       string
	Provisional          bool
	Members              []member
	Totals               []boardTotal
	Incomplete, HeldRows int
	Terms                []termLink
}

// A member is a school of a community with its role.
type member struct{ School, Role phrase }

// A boardTotal is how much of one kind a community has.
type boardTotal struct{ Kind, Figure phrase }

// A termLink leads to the review of a term.
type termLink struct {
	Href  string
	Words phrase
}

// index makes the page of all communities.
func (s server) index(r *http.Request) (page, error) {
	form, err := s.ask(r)
	if err != nil {
		return page{}, err
	}
	overview, err := s.source.Overview(r.Context(), form.AsOf, form.JudgedOn)
	if err != nil {
		return page{}, fmt.Errorf("overview: %w", err)
	}
	d := index{frame: frame{Title: "教育共同体学期审查", Served: true}, Overview: overview, Recorded: moment(overview.Recorded), Ask: form}
	for _, c := range overview.Communities {
		d.Communities = append(d.Communities, lineOf(c, overview, form.query()))
	}
	return page{"index.html", d}, nil
}

func lineOf(c Community, o Overview, query string) communityLine {
	line := communityLine{
		Name: c.Name, District: o.Districts[c.District], Provisional: c.Provisional,
		Members: members(c.Members, o.Schools), Incomplete: c.Incomplete, HeldRows: c.Held,
	}
	if line.Name == "" {
		line.Name = shortKey(c.Key)
	}
	for _, t := range c.Totals {
		line.Totals = append(line.Totals, boardTotal{streamWords(t.Kind), figureOf(t)})
	}
	for _, term := range c.Terms {
		href := "/reviews/" + url.PathEscape(c.Key) + "/" + term.String() + query
		line.Terms = append(line.Terms, termLink{href, writtenOccurred(calendar.InTerm(term))})
	}
	return line
}

// figureOf says how many records there are, how many occurrences those with a
// number give, and how many have none.
func figureOf(t communities.Total) phrase {
	p := phrase{zh: fmt.Sprintf("%d 条", t.Records), en: fmt.Sprintf("%d recorded", t.Records)}
	if t.Occurrences > 0 {
		p.zh += fmt.Sprintf("，计 %d 次", t.Occurrences)
		p.en += fmt.Sprintf(", %d occurrences", t.Occurrences)
	}
	if t.Unnumbered > 0 {
		p.zh += fmt.Sprintf("，未注明 %d 条", t.Unnumbered)
		p.en += fmt.Sprintf(", %d unnumbered", t.Unnumbered)
	}
	return p
}

// members returns the schools that belong to a community, leading ones first,
// each with the role that it was last given.
func members(list []communities.Member, schools map[string]string) []member {
	last := map[string]communities.Member{}
	var order []string
	for _, m := range list {
		if _, seen := last[m.School]; !seen {
			order = append(order, m.School)
		}
		last[m.School] = m
	}
	var all []pairing.Role
	for _, m := range last {
		if m.Until == "" {
			all = append(all, m.Role)
		}
	}
	var leading, others []member
	for _, key := range order {
		m := last[key]
		if m.Until != "" {
			continue
		}
		name := phrase{zh: schools[key]}
		if name.zh == "" {
			name = phrase{zh: "学校 " + shortKey(key), en: "name unknown"}
		}
		shown := member{name, roleWords(m.Role)}
		if m.Question != "" {
			shown.Role = inWords(m.Question)
		}
		if m.Role.LeadsAmong(all) {
			leading = append(leading, shown)
		} else {
			others = append(others, shown)
		}
	}
	return append(leading, others...)
}
