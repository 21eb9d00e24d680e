//! What is asserted, apart from any one passage; and which side a passage takes on it.

use super::{ClaimId, Kept};

/// One assertion, written as asserted and never as its negation ("The vendor built back doors").
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The id, which never changes.
    pub id: ClaimId,
    /// The assertion.
    pub text: String,
    /// Anything to add; empty for nothing.
    pub note: String,
    /// Fields of a newer version.
    pub kept: Kept,
}

/// The side a passage takes on a claim (the four of RumourEval).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stance {
    /// The passage says that the claim holds.
    Supports,
    /// The passage says that the claim does not hold.
    Denies,
    /// The passage asks for evidence.
    Queries,
    /// The passage mentions the claim without taking a side.
    Comments,
    /// A stance of a newer version, as written.
    Kept(String),
}

/// A passage's side on one claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimStance {
    /// The claim.
    pub claim: ClaimId,
    /// The side.
    pub stance: Stance,
    /// Fields of a newer version.
    pub kept: Kept,
}
