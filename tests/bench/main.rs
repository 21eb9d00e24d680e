//! Measures the speed of Sourcemark.

fn main() {}
