//! Whole lessons cut from a small repository of their own.

mod branches;
mod cutting;
mod proving;
pub mod repository;
