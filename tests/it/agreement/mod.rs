//! Agreement: the figures against what others published, and laws that hold for whatever is annotated.

mod files;
mod laws;
mod published;
mod reference_data;
