//! The course's promises, kept by tests: real Consul, real Traefik, real replicas, one module a lesson.
//!
//! Run one lesson's with `cargo test -p acceptance lesson_2`.

mod lesson_0;
mod lesson_1; // lesson 1
mod lesson_2; // lesson 2

// The problem that this lesson leaves. The file is in the lesson's own folder.
// mod problem; // lessons 0 to 2 only
