//! The walkthroughs of this repository have the parts that CONTRIBUTING.md names, in that order.

use std::path::Path;

use crate::console;
use crate::course::Course;
use crate::cutter::Cutter;
use crate::exercises::{self, Exercise};

/// What every walkthrough has. The other parts stand between these.
const PARTS: [&str; 11] = [
    "## What you will be able to do",
    "## Predict",
    "## Run it",
    "## Break it",
    "## How it works",
    "## Exercises",
    "## Your predictions",
    "## Clean up",
    "## Without Docker",
    "## Further reading",
    "## What next",
];

/// The lines below the heading `part`, up to the next one.
fn below<'a>(text: &'a str, part: &str) -> Vec<&'a str> {
    let lines = text.lines().skip_while(|line| *line != part).skip(1);
    lines.take_while(|line| !line.starts_with("## ")).collect()
}

/// Whether a line begins with `number`, as an item of a list or as a row of a table.
fn begins(lines: &[&str], start: &str) -> bool {
    lines.iter().any(|line| line.starts_with(start))
}

#[test]
fn every_walkthrough_has_its_parts_and_answers_its_predictions() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for lesson in Course::read(&root).unwrap().lessons {
        let name = format!("lessons/{}/README.md", lesson.branch);
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        let headings: Vec<&str> = text.lines().filter(|line| PARTS.contains(line)).collect();
        assert_eq!(headings, PARTS, "{name}");

        let (asked, answered) = (
            below(&text, "## Predict"),
            below(&text, "## Your predictions"),
        );
        assert!(begins(&asked, "1. "), "{name} asks for no prediction");
        for number in 1..10 {
            assert_eq!(
                begins(&asked, &format!("{number}. ")),
                begins(&answered, &format!("| {number} |")),
                "{name}: prediction {number} is asked or answered, but not both"
            );
        }

        // Without this the next `git switch` meets what somebody changed in an exercise.
        let cleaned = below(&text, "## Clean up").join("\n");
        let blocks = console::blocks(&name, &cleaned).unwrap();
        let mut commands = blocks.iter().flat_map(|block| &block.steps);
        assert!(
            commands.any(|step| step.command.contains("git restore .")),
            "{name} does not undo its exercises"
        );
    }
}

#[test]
fn every_exercise_has_its_check_and_its_answer_in_the_walkthrough() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let cutter = Cutter::of_worktree(&root).unwrap();
    for lesson in &cutter.course.lessons {
        let name = format!("lessons/{}/README.md", lesson.branch);
        let text = std::fs::read_to_string(root.join(&name)).unwrap();
        let exercises = below(&text, "## Exercises").join("\n");
        let all = exercises::of(cutter.main(), lesson).unwrap();
        assert!(all.len() >= 2, "{name} has too few exercises with a check");
        for Exercise { number, .. } in all {
            for words in [
                format!("\n{number}. *("),
                format!("`sh exercises/{number}`"),
                format!("\n**{number}.** "),
                format!("\n<!-- answer: {number} -->\n"),
            ] {
                assert!(
                    exercises.contains(&words),
                    "{name} says nowhere {}",
                    words.trim()
                );
            }
        }
    }
}
