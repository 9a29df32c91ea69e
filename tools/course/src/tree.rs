//! A tree of files in memory: what main holds, and what a cut holds.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use anyhow::{Context, bail, ensure};

use crate::process;

/// Files by their path from the root, with `/` between folders.
pub type Tree = BTreeMap<String, File>;

/// One file as git sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Which kind of file.
    pub mode: Mode,
    /// Its content; of a link, the path that it points at.
    pub bytes: Vec<u8>,
}

impl File {
    /// The content, unless it is a link or something that is not text.
    pub fn text(&self) -> Option<&str> {
        if self.mode == Mode::Link || self.bytes.contains(&0) {
            return None;
        }
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// The kinds of file that git keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// An ordinary file.
    Plain,
    /// A file that may be executed.
    Executable,
    /// A symbolic link.
    Link,
}

impl Mode {
    /// As git writes it in a tree.
    pub fn git(self) -> &'static str {
        match self {
            Self::Plain => "100644",
            Self::Executable => "100755",
            Self::Link => "120000",
        }
    }
}

/// What stands in the working tree at `root`: everything but what `.gitignore` names.
///
/// # Errors
/// When git or a file cannot be read, or a path is not UTF-8.
pub fn of_worktree(root: &Path) -> anyhow::Result<Tree> {
    let listing = listing(root)?;
    let mut tree = Tree::new();
    for path in listing
        .split(|&byte| byte == 0)
        .filter(|path| !path.is_empty())
    {
        let path = utf8(path)?;
        // Git still lists a file that was deleted but not yet staged.
        if let Some(file) = read(&root.join(path))? {
            tree.insert(path.to_owned(), file);
        }
    }
    Ok(tree)
}

/// The paths in the working tree at `root` that git does not ignore, each with a zero byte behind it.
///
/// A download as a ZIP is no repository. An empty one, in a folder of its own, follows the rules of `.gitignore` just as well.
fn listing(root: &Path) -> anyhow::Result<Vec<u8>> {
    let list = ["ls-files", "-co", "--exclude-standard", "-z"];
    let mut git = process::git(root, list);
    let empty;
    if !root.join(".git").exists() {
        empty = tempfile::tempdir().context("cannot create a temporary folder")?;
        let init = ["init", "--quiet", "."];
        process::output(&mut process::git(empty.path(), init), &[])?;
        git.env("GIT_DIR", empty.path().join(".git"))
            .env("GIT_WORK_TREE", root);
    }
    process::output(&mut git, &[])
}

/// What stands in `commit`.
///
/// # Errors
/// When git cannot read it, a path is not UTF-8 or the commit holds a submodule.
pub fn of_commit(root: &Path, commit: &str) -> anyhow::Result<Tree> {
    let listing = ["ls-tree", "-r", "-z", "--full-tree", commit];
    let listing = process::output(&mut process::git(root, listing), &[])?;
    let mut modes = Vec::new();
    let mut wanted = String::new();
    for entry in listing
        .split(|&byte| byte == 0)
        .filter(|entry| !entry.is_empty())
    {
        let entry = utf8(entry)?;
        let (head, path) = entry
            .split_once('\t')
            .context("git ls-tree printed no tab")?;
        let mut words = head.split(' ');
        let mode = match words.next() {
            Some("100644") => Mode::Plain,
            Some("100755") => Mode::Executable,
            Some("120000") => Mode::Link,
            other => bail!("{path}: no lesson can hold a file of git mode {other:?}"),
        };
        let id = words.nth(1).context("git ls-tree printed no object id")?;
        wanted += &format!("{id}\n");
        modes.push((path.to_owned(), mode));
    }
    // One process for all files: one for each would take seconds.
    let batch = ["cat-file", "--batch"];
    let contents = process::output(&mut process::git(root, batch), wanted.as_bytes())?;
    let mut rest = contents.as_slice();
    let mut tree = Tree::new();
    for (path, mode) in modes {
        let (bytes, after) = object(rest).with_context(|| format!("{path} cannot be read"))?;
        tree.insert(
            path,
            File {
                mode,
                bytes: bytes.to_vec(),
            },
        );
        rest = after;
    }
    Ok(tree)
}

/// Writes `tree` into `dir`.
///
/// # Errors
/// When a file cannot be written.
pub fn write(tree: &Tree, dir: &Path) -> anyhow::Result<()> {
    for (path, file) in tree {
        write_file(&dir.join(path), file).with_context(|| format!("{path} cannot be written"))?;
    }
    Ok(())
}

/// Reads one file, or nothing where none is.
///
/// # Errors
/// When it cannot be read or is neither a file nor a link.
pub fn read(path: &Path) -> anyhow::Result<Option<File>> {
    let shown = path.display();
    let metadata = match fs::symlink_metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        other => other.with_context(|| format!("{shown} cannot be read"))?,
    };
    if metadata.is_symlink() {
        let target = fs::read_link(path).with_context(|| format!("{shown} cannot be read"))?;
        return Ok(Some(File {
            mode: Mode::Link,
            bytes: target.as_os_str().as_bytes().to_vec(),
        }));
    }
    ensure!(
        metadata.is_file(),
        "{shown} is no file; a repository inside of this one?"
    );
    let executable = metadata.permissions().mode() & 0o100 != 0;
    let mode = if executable {
        Mode::Executable
    } else {
        Mode::Plain
    };
    let bytes = fs::read(path).with_context(|| format!("{shown} cannot be read"))?;
    Ok(Some(File { mode, bytes }))
}

fn write_file(path: &Path, file: &File) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    if file.mode == Mode::Link {
        return symlink(std::ffi::OsStr::from_bytes(&file.bytes), path);
    }
    fs::write(path, &file.bytes)?;
    if file.mode == Mode::Executable {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

/// Splits `<id> <type> <size>\n<content>\n` off the front of what `git cat-file --batch` printed.
fn object(printed: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = printed.iter().position(|&byte| byte == b'\n')?;
    let size = std::str::from_utf8(&printed[..end])
        .ok()?
        .rsplit(' ')
        .next()?
        .parse()
        .ok()?;
    let (bytes, rest) = printed[end + 1..].split_at_checked(size)?;
    Some((bytes, rest.get(1..)?))
}

fn utf8(path: &[u8]) -> anyhow::Result<&str> {
    std::str::from_utf8(path).with_context(|| format!("{path:?} is not a path in UTF-8"))
}
