//! Examples and properties of the cutter.

use proptest::prelude::*;

use super::*;

const LAST: usize = 4;
const SCOPE: Scope = Scope {
    entry: 1,
    last: LAST,
};

fn rust() -> &'static Leader {
    Leader::of("a.rs").unwrap()
}

fn cut(text: &str, lesson: usize) -> String {
    cut_text(text, rust(), SCOPE, lesson).unwrap()
}

fn error(text: &str) -> String {
    cut_text(text, rust(), SCOPE, 1).unwrap_err().to_string()
}

#[test]
fn a_trailing_mark_governs_its_line() {
    let text = "a();\nb(); // lesson 2\nc();\n";
    assert_eq!(cut(text, 1), "a();\nc();\n");
    assert_eq!(cut(text, 2), "a();\nb();\nc();\n");
}

#[test]
fn a_mark_of_its_own_governs_the_paragraph() {
    let text = "a();\n\n// lesson 2\nb();\nc();\n\nd();\n";
    assert_eq!(cut(text, 1), "a();\n\nd();\n");
    assert_eq!(cut(text, 2), "a();\n\nb();\nc();\n\nd();\n");
}

#[test]
fn the_last_paragraph_leaves_no_blank_line_behind() {
    assert_eq!(cut("a();\n\n\n// lesson 2\nb();\n", 1), "a();\n");
    assert_eq!(cut("// lesson 2\nb();\n\na();\n", 1), "a();\n");
    assert_eq!(cut("a();\n\n// lesson 2\nb();", 1), "a();");
    assert_eq!(cut("// lesson 2\nb();\n", 1), "");
}

#[test]
fn a_paragraph_ends_with_its_block() {
    let text = "{\n    // lesson 2\n    b();\n}\nc();\n";
    assert_eq!(cut(text, 1), "{\n}\nc();\n");
}

#[test]
fn one_mark_takes_over_from_another() {
    let text = "    // lesson 1 only\n    // a(1);\n    // lesson 2\n    a(2);\n";
    assert_eq!(cut(text, 1), "    a(1);\n");
    assert_eq!(cut(text, 2), "    a(2);\n");
}

#[test]
fn a_line_in_a_marked_paragraph_may_enter_later() {
    let text = "// lesson 2\na();\nb(); // lesson 3\n";
    assert_eq!(cut(text, 2), "a();\n");
    assert_eq!(cut(text, 3), "a();\nb();\n");
}

#[test]
fn what_later_lessons_remove_is_opened() {
    let text = "    // a(); // lesson 1 only\n\n    // lessons 1 to 2 only\n    // b {\n    //     c\n    // }\n";
    assert_eq!(cut(text, 1), "    a();\n\n    b {\n        c\n    }\n");
    assert_eq!(
        cut(text, 2),
        "\n    b {\n        c\n    }\n".trim_start_matches('\n')
    );
    assert_eq!(cut(text, 3), "");
}

#[test]
fn the_last_lesson_may_have_what_main_has_not() {
    let text = "a();\n// mod problem; // lessons 1 to 4 only\n";
    assert_eq!(cut(text, LAST), "a();\nmod problem;\n");
}

#[test]
fn mistakes_are_named() {
    let nothing = "1: this mark governs nothing";
    assert!(error("// lesson 2\n\na();\n").starts_with(nothing));
    assert!(error("// lesson 2").starts_with(nothing));
    assert!(error("// lesson 2\n// lesson 3\na();\n").starts_with(nothing));
    assert!(error("    // lesson 2\n}\n").starts_with(nothing));
    assert!(error("a();\n// lesson 2 is hard\n").starts_with("2: `lesson 2 is hard` is no mark"));
    assert!(error("a(); // lesson 1\n").contains("enters with lesson 1"));
    assert!(error("// a(); // lesson 0 only\n").contains("enters with lesson 1"));
    assert!(error("a(); // lesson 5\n").contains("no lesson 5; they are 0 to 4"));
    assert!(error("// a(); // lessons 3 to 2 only\n").contains("comes before"));
    assert!(error("a(); // lesson 1 only\n").contains("must stand commented out"));
    assert!(error("a(); // lesson 2 // lesson 3\n").contains("is no mark"));
    let hash = Leader::of("a.yml").unwrap();
    let error = cut_text("# lesson 1 only\n## lesson 2\n", hash, SCOPE, 1).unwrap_err();
    assert!(
        error.to_string().starts_with("2: there are two marks"),
        "{error}"
    );
}

#[test]
fn lines_end_in_lf() {
    assert_eq!(cut("a();\r\nb(); // lesson 2\r\nc();", 1), "a();\nc();");
}

/// A line of the model from which the properties make texts.
#[derive(Clone, Debug)]
enum Line {
    Plain,
    Blank,
    From(usize),
    Only(usize, usize),
}

/// Paragraphs: the mark above, if any, and the lines.
type Paragraph = (Option<Line>, Vec<Line>);

fn only() -> impl Strategy<Value = Line> {
    (1..LAST, 1..LAST).prop_map(|(a, b)| Line::Only(a.min(b), a.max(b)))
}

fn line() -> impl Strategy<Value = Line> {
    prop_oneof![3 => Just(Line::Plain), 2 => (2..=LAST).prop_map(Line::From), 1 => only()]
}

fn paragraph() -> impl Strategy<Value = Paragraph> {
    let above = prop_oneof![
        3 => Just(None),
        1 => Just(Some(Line::Blank)),
        2 => (2..=LAST).prop_map(|first| Some(Line::From(first))),
        1 => only().prop_map(Some),
    ];
    (above, prop::collection::vec(line(), 1..5))
}

fn mark(line: &Line) -> Option<(String, Mark)> {
    match *line {
        Line::Plain | Line::Blank => None,
        Line::From(first) => Some((format!("// lesson {first}"), Mark::From(first))),
        Line::Only(a, b) if a == b => Some((format!("// lesson {a} only"), Mark::Only(a, b))),
        Line::Only(a, b) => Some((format!("// lessons {a} to {b} only"), Mark::Only(a, b))),
    }
}

/// The text, and its lines without blanks: what each says and the marks that govern it.
fn written(paragraphs: &[Paragraph]) -> (String, Vec<(String, Vec<Mark>)>) {
    let (mut text, mut lines) = (String::new(), Vec::new());
    for (index, (above, paragraph)) in paragraphs.iter().enumerate() {
        if index > 0 {
            text += "\n";
        }
        let above = above.as_ref().and_then(mark);
        text += &above
            .iter()
            .map(|(comment, _)| format!("{comment}\n"))
            .collect::<String>();
        for line in paragraph {
            let own = mark(line);
            let marks: Vec<_> = above.iter().chain(&own).map(|(_, mark)| *mark).collect();
            let code = format!("call({});", lines.len());
            let opened = if marks.iter().any(|mark| mark.is_only()) {
                "// "
            } else {
                ""
            };
            let comment = own.map_or(String::new(), |(comment, _)| format!(" {comment}"));
            text += &format!("{opened}{code}{comment}\n");
            lines.push((code, marks));
        }
    }
    (text, lines)
}

proptest! {
    #[test]
    fn a_cut_holds_what_its_marks_say(
        paragraphs in prop::collection::vec(paragraph(), 0..6),
        lesson in 1..=LAST,
        crlf: bool,
        open_end: bool,
    ) {
        let (mut text, lines) = written(&paragraphs);
        if open_end {
            text.truncate(text.trim_end().len());
        }
        let ends = text.ends_with('\n');
        if crlf {
            text = text.replace('\n', "\r\n");
        }
        let result = cut(&text, lesson);
        let expected: Vec<_> = lines
            .iter()
            .filter(|(_, marks)| marks.iter().all(|mark| mark.holds(lesson)))
            .map(|(code, _)| code.as_str())
            .collect();
        let kept: Vec<_> = result.lines().filter(|line| !line.is_empty()).collect();
        prop_assert_eq!(&kept, &expected);
        prop_assert!(!result.contains("\n\n\n"), "a double blank line in {result:?}");
        prop_assert!(!result.contains('\r'));
        prop_assert!(!result.starts_with('\n') && !result.ends_with("\n\n"));
        prop_assert!(result.is_empty() || result.ends_with('\n') == ends);
        prop_assert_eq!(first_mark(&result, rust()), None);
        prop_assert_eq!(cut(&result, lesson), result, "a cut of a cut");
    }

    #[test]
    fn the_last_lesson_is_main(paragraphs in prop::collection::vec(paragraph(), 0..6)) {
        let (text, _) = written(&paragraphs);
        // Without any parsing: main, less its marks and what only earlier lessons have.
        let only = regex::Regex::new(r"(?m)^// lessons? [\d to]+ only\n(.+\n)*|^.* only\n").unwrap();
        let mark = regex::Regex::new(r"(?m)^// lesson \d\n| // lesson \d$").unwrap();
        let main = only.replace_all(&text, "");
        let main = mark.replace_all(&main, "");
        let lines = |text: &str| text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(lines(&cut(&text, LAST)), lines(&main));
    }

    #[test]
    fn a_text_without_marks_stays(text in "([a-z(){};\"# ]{0,12}\n){0,8}") {
        prop_assert_eq!(cut(&text, 1), text);
    }

    #[test]
    fn no_text_panics(
        text in r#"([ \t]{0,3}(//|#|<!--|/\*|)? ?(lessons?)? ?[0-9]{0,2}( to 3)?( only)?.{0,4}(-->|\*/)?(\n|\r\n|\r|)){0,8}"#,
        kind in prop::sample::select(vec!["a.rs", "a.yml", "a.html", "a.css"]),
        lesson in 0usize..6,
    ) {
        let leader = Leader::of(kind).unwrap();
        if let Ok(once) = cut_text(&text, leader, SCOPE, lesson) {
            prop_assert_eq!(first_mark(&once, leader), None);
            let twice = cut_text(&once, leader, SCOPE, lesson);
            prop_assert_eq!(twice.as_ref(), Ok(&once));
        }
    }
}
