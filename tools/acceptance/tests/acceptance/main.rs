//! The course's promises, kept by tests: real Consul, real Traefik, real replicas, one module a lesson.
//!
//! Run one lesson's with `cargo test -p acceptance lesson_2`.

mod lesson_0;
mod lesson_1; // lesson 1
mod lesson_2; // lesson 2
mod lesson_3; // lesson 3
mod lesson_4; // lesson 4
mod lesson_5; // lesson 5
mod lesson_6; // lesson 6
mod lesson_7; // lesson 7

// The problem that this lesson leaves.
mod problem;
