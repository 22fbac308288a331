package org

// Listed returns in which district a school stands, under which name it came
// up, and whether only a file mentioned it.
func (s School) Listed() (district, name string, provisional bool) {
	return s.District, s.Name, s.Provisional
}

// Listed returns the same of a community.
func (c Community) Listed() (district, name string, provisional bool) {
	return c.District, c.Name, c.Provisional
}

// Listed returns the same of a person, whose name stands nowhere in clear.
func (p Person) Listed() (district, name string, provisional bool) {
	return p.District, "", p.Provisional
}
