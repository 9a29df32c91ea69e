//! Builds the client of a workspace with npm.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    path::{Path, PathBuf},
    time::SystemTime,
};

use anyhow::{Context, bail};
use tokio::{
    process::Command,
    sync::{Mutex, OnceCell},
    task::spawn_blocking,
};

/// What is told on a machine without npm.
const NO_NPM: &str = "the client cannot be built, because npm was not found on PATH; install Node.js 20 or later: \
     brew install node, or apt-get install nodejs npm, or see https://nodejs.org/en/download";

/// Builds the client of the workspace in `root` with npm, if it is not up to date, and gives the folder that browsers
/// get; none if that workspace has no client.
///
/// Tests run in parallel and all need it. So it is built once in each process, and whoever comes while it is being
/// built waits; a lock does the same between processes.
///
/// # Errors
/// When there is no npm, or it fails, with what it wrote last.
pub async fn build_client(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    static BUILT: OnceCell<Mutex<BTreeMap<PathBuf, PathBuf>>> = OnceCell::const_new();
    let mut built = BUILT
        .get_or_init(async || Mutex::default())
        .await
        .lock()
        .await;
    if let Some(folder) = built.get(root) {
        return Ok(Some(folder.clone()));
    }
    let folder = bring_up_to_date(root).await?;
    if let Some(folder) = &folder {
        built.insert(root.to_owned(), folder.clone());
    }
    Ok(folder)
}

/// The same, but looks again even if it was built before.
pub(crate) async fn bring_up_to_date(root: &Path) -> anyhow::Result<Option<PathBuf>> {
    let client = root.join("client");
    let package = client.join("package.json");
    if !package.is_file() {
        return Ok(None);
    }
    // The file itself serves as lock, so that none has to be left lying about.
    let lock = spawn_blocking(move || {
        let file = File::open(&package)?;
        file.lock()?;
        Ok::<_, std::io::Error>(file)
    });
    let _lock = lock
        .await?
        .with_context(|| format!("cannot lock {}", client.display()))?;
    build(&client).await?;
    Ok(Some(client.join("dist")))
}

async fn build(client: &Path) -> anyhow::Result<()> {
    let install = is_stale(
        &client.join("node_modules/.package-lock.json"),
        changed(&client.join("package-lock.json")),
    );
    let newest = newest_source(client).context("cannot look through the client's sources")?;
    if !install && !is_stale(&client.join("dist/index.html"), newest) {
        return Ok(());
    }
    println!("Building the client with npm.");
    if install {
        npm(client, &["ci", "--no-fund", "--no-audit"]).await?;
    }
    npm(client, &["run", "build"]).await
}

/// Runs npm, which is heard only when it fails. It gets our environment: it may need a proxy or a certificate.
async fn npm(client: &Path, arguments: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("npm")
        .args(arguments)
        .current_dir(client)
        .stdin(std::process::Stdio::null())
        .kill_on_drop(true)
        .output()
        .await;
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => bail!(NO_NPM),
        output => output.context("cannot run npm")?,
    };
    if !output.status.success() {
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<&str> = said.lines().collect();
        // npm says first what is wrong, and then how it is used.
        let last = &lines[lines.len().saturating_sub(80)..];
        bail!(
            "npm {} failed in {}:\n{}",
            arguments.join(" "),
            client.display(),
            last.join("\n")
        );
    }
    Ok(())
}

/// Whether `file` is missing, or older than what it is made of.
fn is_stale(file: &Path, source: Option<SystemTime>) -> bool {
    changed(file).is_none_or(|made| source.is_some_and(|source| source > made))
}

fn changed(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|data| data.modified()).ok()
}

/// When something in the client's folder was changed last, apart from what is made there, and from its tests. The
/// date of a folder below counts too: it tells of a file that was removed.
fn newest_source(client: &Path) -> std::io::Result<Option<SystemTime>> {
    let mut newest = None;
    let mut folders = vec![client.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let made = ["node_modules", "dist", "e2e"].contains(&&*name) || name.starts_with('.');
            if folder == client && made {
                continue;
            }
            let data = entry.metadata()?;
            newest = newest.max(data.modified().ok());
            if data.is_dir() {
                folders.push(entry.path());
            }
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_made_of_the_sources_does_not_make_them_newer() {
        let folder = tempfile::tempdir().unwrap();
        let client = folder.path();
        fs::create_dir_all(client.join("src")).unwrap();
        fs::write(client.join("src/main.ts"), "").unwrap();
        let newest = newest_source(client).unwrap();
        assert!(newest.is_some());
        fs::create_dir_all(client.join("dist")).unwrap();
        fs::write(client.join("dist/index.html"), "").unwrap();
        assert_eq!(newest_source(client).unwrap(), newest);
        assert!(!is_stale(&client.join("dist/index.html"), newest));
        assert!(is_stale(&client.join("dist/missing"), newest));
    }

    #[tokio::test]
    async fn a_workspace_without_a_client_has_none() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(build_client(folder.path()).await.unwrap(), None);
    }
}
