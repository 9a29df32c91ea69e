//! An error, as a line that is read by a person.

/// An error and all its causes in one line, from the outermost to the innermost, each after a colon.
///
/// Some libraries name the cause in their own sentence and give it as the cause as well, others do not, and nobody can
/// see which. Written one after another, as anyhow's `{:#}` does, the same words then stand there twice. So a cause that
/// says nothing new is left out, and so is a sentence with which its cause begins.
#[must_use]
pub fn one_line(error: &anyhow::Error) -> String {
    let mut said: Vec<String> = Vec::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.iter().any(|before| before.contains(&cause)) {
            continue;
        }
        said.pop_if(|before| cause.starts_with(before.as_str()));
        said.push(cause);
    }
    said.join(": ")
}

#[cfg(test)]
mod tests {
    use std::io;

    use anyhow::anyhow;

    use super::*;

    /// An error that names its cause in its own sentence, as those of several libraries do.
    #[derive(Debug)]
    struct Wordy(&'static str, io::Error);

    impl std::fmt::Display for Wordy {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            write!(f, "{}{}", self.0, self.1)
        }
    }

    impl std::error::Error for Wordy {
        fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
            Some(&self.1)
        }
    }

    #[test]
    fn every_cause_is_told_and_nothing_twice() {
        let refused = || io::Error::other("connection refused");
        for (error, line) in [
            (anyhow!("no such port"), "no such port"),
            (
                anyhow!("in the middle").context("outside"),
                "outside: in the middle",
            ),
            (anyhow!(Wordy("", refused())), "connection refused"),
            (
                anyhow!(Wordy("IO error: ", refused())).context("a ping failed"),
                "a ping failed: IO error: connection refused",
            ),
            (
                anyhow!("bad port: 70000").context("bad port"),
                "bad port: 70000",
            ),
        ] {
            assert_eq!(one_line(&error), line);
        }
    }
}
