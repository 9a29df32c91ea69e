//! Cuts the lesson branches out of main.
mod course;
mod cut_text;
mod marks;
mod process;
mod tree;
