//! The course's promises, kept by tests: real Consul, real Traefik, real replicas, one module a lesson.
//!
//! Run one lesson's with `cargo test -p acceptance lesson_0`.

mod lesson_0;
mod lesson_1;
mod lesson_10;
mod lesson_11;
mod lesson_2;
mod lesson_3;
mod lesson_4;
mod lesson_5;
mod lesson_6;
mod lesson_7;
mod lesson_8;
mod lesson_9;

// The problem that this lesson leaves.
mod problem;
