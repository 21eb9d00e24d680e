//! Starts Sourcemark.

fn main() {}
