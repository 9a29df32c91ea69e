//! Whole lessons cut from a small repository of their own.

mod branches;
mod checkout;
mod circles;
mod cutting;
mod deriving;
mod exercises;
mod proving;
pub mod repository;
mod walkthroughs;
