// Package data holds the facts about Alibaba Cloud instance types and prices
// as embedded files and nothing else, so that whoever must not share code with
// instancespecs can still share its facts, and reads them with a reader of its
// own.
//
// Nothing flows in; two CSV texts flow out. The package must not know how they
// are read or used. Lines that start with # are comments; the first other line
// names the columns.
package data

import _ "embed"

// Catalogue is one CSV row per instance type; the source column names the
// page that each row comes from.
//
//go:embed catalogue.csv
var Catalogue string

// Prices is one CSV row per price that is known without asking the cloud, per
// hour, with its kind (list, api, estimate) and the page it comes from.
//
//go:embed prices.csv
var Prices string
