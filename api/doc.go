// Package api is the platform's HTTP door: JSON over HTTP below /v1, described
// by the OpenAPI document that is served beside it. It turns requests into the
// nouns' verbs and their errors into problems (RFC 9457); it holds no rule of
// its own beyond who may ask for what, how often, and how it is written down.
//
// Every route declares its rule where it is registered (route.go); a route
// without one stops the program.
package api
