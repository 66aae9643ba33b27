// In place of Sphinx's own for British English: it translates each text into itself, and its plural (`true` and `false` as
// positions in a list) stops the search before it says how many pages it found.
