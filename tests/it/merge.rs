//! Several people's files in one: cases by name.
