//! The port that a person wants to reach everything on.

use std::path::Path;

use anyhow::{Context, bail};

/// The variable that the compose file takes it from.
const VARIABLE: &str = "HTTP_PORT";

/// The port that is `asked` for, or else `HTTP_PORT` of the environment, or of the file `.env` in `root`: in that order, as
/// Docker Compose looks for it. Gives none where nobody has said anything.
///
/// # Errors
/// When it is no port, or `.env` cannot be read.
pub fn web_port(root: &Path, asked: Option<u16>) -> anyhow::Result<Option<u16>> {
    if asked.is_some() {
        return Ok(asked);
    }
    match std::env::var(VARIABLE) {
        Ok(value) if !value.is_empty() => {
            parsed(&value).with_context(|| format!("{VARIABLE} in the environment"))
        }
        _ => of_file(&root.join(".env")),
    }
}

fn of_file(file: &Path) -> anyhow::Result<Option<u16>> {
    if !file.exists() {
        return Ok(None);
    }
    let failed = || format!("cannot read {}", file.display());
    for line in dotenvy::from_path_iter(file).with_context(failed)? {
        let (name, value) = line.with_context(failed)?;
        if name == VARIABLE && !value.is_empty() {
            return parsed(&value).with_context(|| format!("{VARIABLE} in {}", file.display()));
        }
    }
    Ok(None)
}

fn parsed(value: &str) -> anyhow::Result<Option<u16>> {
    match value.parse() {
        Ok(port) if port > 0 => Ok(Some(port)),
        _ => bail!("{value:?} is not a port; write a number from 1 to 65535"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_counts_where_nobody_says_otherwise() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        assert_eq!(of_file(&file).unwrap(), None);
        for (text, port) in [
            ("# nothing\n", None),
            ("HTTP_PORT=\n", None),
            ("A=b\nHTTP_PORT=8088 # mine\n", Some(8088)),
            ("HTTP_PORT='81'", Some(81)),
        ] {
            std::fs::write(&file, text).unwrap();
            assert_eq!(of_file(&file).unwrap(), port, "{text:?}");
        }
        std::fs::write(&file, "HTTP_PORT=none").unwrap();
        let error = format!("{:#}", of_file(&file).unwrap_err());
        assert!(error.contains(".env") && error.contains("none"), "{error}");
        assert_eq!(web_port(folder.path(), Some(1)).unwrap(), Some(1));
    }
}
