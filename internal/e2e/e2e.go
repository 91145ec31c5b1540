// Package e2e looks at the whole site from outside, as its visitors do: a crawl of every link, each page in a real Chromium
// with axe-core, and the journeys of an inhabitant, with and without JavaScript. All of it is in the tests; without a
// Chromium they fail and name the remedy.
package e2e
