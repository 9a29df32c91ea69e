//! A small course in a temporary repository.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use tempfile::TempDir;

use crate::process;

const COURSE: &str = r#"
main = ["lessons", "tool", "README.md", ".gitignore", ".gitattributes"]

[[lesson]]
branch = "0_base"
title = "Base"
adds = "A crate and a script."
problem = "It does nothing."
files = ["Cargo.toml", "Cargo.lock", "crates", "run.sh", "link", "data.bin", "deep"]

[[lesson]]
branch = "1_more"
title = "More"
adds = "A second crate."
problem = "It knows no name."
files = ["crates/more", "docker"]

[[lesson]]
branch = "2_most"
title = "Most"
adds = "A name, ü."
problem = "None."
files = ["crates/base/src/name.rs"]
"#;

const MANIFEST: &str = "\
[workspace]
resolver = \"3\"
members = [\"crates/*\"]

[workspace.dependencies]
base = { path = \"crates/base\" }
more = { path = \"crates/more\" } # lesson 1
";

const BASE: &str = "\
//! The base.

// lesson 2
mod name;
pub use name::NAME;

/// Greets.
pub fn greet(
    who: &str, // lesson 1
) -> String {
    // \"hello\".to_owned() // lesson 0 only
    // lesson 1
    format!(\"hello {who}\")
}
";

const WALKTHROUGH: &str = "\
# More

It [greets](code:crates/base/src/lib.rs#greet).

<!-- excerpt: crates/base/src/lib.rs#greet -->

```console native
$ cat run.sh
#!/bin/sh
```
";

/// A repository with three lessons, all committed.
pub fn repository() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(root, "lessons/lessons.toml", COURSE);
    write(root, "lessons/1_more/README.md", WALKTHROUGH);
    write(root, "lessons/1_more/docs/a picture.png", "\0picture\r\n");
    write(root, "tool/main.rs", "// lesson 77 is prose here\n");
    write(root, "README.md", "# Main\n");
    write(root, ".gitignore", "/target\n");
    write(root, ".gitattributes", "*.sh text eol=crlf\n");
    write(root, "Cargo.toml", MANIFEST);
    for name in ["base", "more"] {
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        write(root, &format!("crates/{name}/Cargo.toml"), &manifest);
    }
    write(root, "crates/base/src/lib.rs", BASE);
    write(
        root,
        "crates/base/src/name.rs",
        "/// A name.\npub const NAME: &str = \"a\";\n",
    );
    write(root, "crates/more/src/lib.rs", "//! More.\n");
    write(
        root,
        "docker/Dockerfile",
        "FROM scratch\r\nRUN a # lesson 2\r\nRUN b",
    );
    write(root, "run.sh", "#!/bin/sh\n");
    fs::set_permissions(root.join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    symlink("run.sh", root.join("link")).unwrap();
    write(root, "data.bin", "a\r\n# lesson 1\0");
    write(root, "deep/er/and/deeper.txt", "deep\r\n");
    let lock = "version = 4\n\n[[package]]\nname = \"base\"\nversion = \"0.1.0\"\n\n\
                [[package]]\nname = \"more\"\nversion = \"0.1.0\"\n";
    write(root, "Cargo.lock", lock);
    git(root, &["init", "--quiet", "--initial-branch=main", "."]);
    git(root, &["config", "user.name", "A Learner"]);
    git(root, &["config", "user.email", "learner@example.com"]);
    git(root, &["config", "commit.gpgsign", "false"]);
    commit(root);
    dir
}

/// Commits all that has changed.
pub fn commit(root: &Path) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "Change"]);
}

/// Writes a file, and the folders above it.
pub fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Runs git and returns what it printed.
pub fn git(root: &Path, arguments: &[&str]) -> String {
    let mut command = process::git(root, arguments);
    // A person's own hooks and templates are no part of the test.
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1");
    process::text(&mut command, &[]).unwrap()
}
