//! The page loads on any replica, also while one build of the client is replaced by the next.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use acceptance::{answer::expect, player::Player, quiet};
use anyhow::{Context, ensure};
use stack::Stack;
use tempfile::TempDir;
use tokio::{process::Command, task::JoinSet};

/// Browsers that load the page at the same time.
const BROWSERS: usize = 4;

/// The title of the page, and what it is in the next build.
const TITLES: [&str; 2] = ["<title>goatscale</title>", "<title>the next one</title>"];

/// Loads of each build, and whoever loaded it.
#[derive(Debug, Default)]
struct Loads([usize; 2]);

/// Loads the page as a browser does, with all that it names.
///
/// # Errors
/// When any of that is missing.
async fn load(browser: &Player, address: &str) -> anyhow::Result<String> {
    let page = expect(browser.get(address, "/").send().await?, 200).await?;
    let page = page.text().await?;
    let named = page.split('"').filter(|part| part.starts_with("/assets/"));
    for path in named {
        let file = browser.get(address, path).send().await?;
        expect(file, 200).await.context(path.to_owned())?;
    }
    Ok(page)
}

/// Loads the page again and again until `stop`.
async fn keep_loading(address: String, stop: Arc<AtomicBool>) -> anyhow::Result<Loads> {
    let browser = Player::nobody("")?;
    let mut loads = Loads::default();
    while !stop.load(Ordering::Relaxed) {
        let page = load(&browser, &address).await?;
        let build = TITLES.iter().position(|title| page.contains(title));
        loads.0[build.context("another page")?] += 1;
    }
    Ok(loads)
}

/// A client that differs from the one of `stack`, built in a folder of its own.
async fn next_client(stack: &Stack, folder: &Path) -> anyhow::Result<PathBuf> {
    let (from, to) = (stack.topology().root.join("client"), folder.join("client"));
    fs::create_dir(&to)?;
    for file in [
        "index.html",
        "package.json",
        "tsconfig.json",
        "vite.config.ts",
    ] {
        fs::copy(from.join(file), to.join(file))?;
    }
    for shared in ["src", "node_modules"] {
        std::os::unix::fs::symlink(from.join(shared), to.join(shared))?;
    }
    let page = fs::read_to_string(to.join("index.html"))?;
    fs::write(to.join("index.html"), page.replace(TITLES[0], TITLES[1]))?;
    let built = Command::new("npm")
        .args(["run", "build"])
        .current_dir(&to)
        .stdin(Stdio::null())
        .output()
        .await?;
    let said = String::from_utf8_lossy(&built.stderr);
    ensure!(built.status.success(), "{said}");
    Ok(to.join("dist"))
}

#[tokio::test]
async fn every_load_succeeds_while_the_client_is_replaced() -> anyhow::Result<()> {
    let mut stack = quiet().scale("webserver", 3).start().await?;
    let folder = TempDir::new()?;
    let next = next_client(&stack, folder.path()).await?;
    let stop = Arc::new(AtomicBool::new(false));
    let mut browsers = JoinSet::new();
    for _ in 0..BROWSERS {
        browsers.spawn(keep_loading(stack.address(), stop.clone()));
    }
    stack.serve_client(&next);
    stack.roll("webserver").await?;
    // All that answer now are of the next build.
    let page = load(&Player::nobody("")?, &stack.address()).await?;
    ensure!(page.contains(TITLES[1]));
    stop.store(true, Ordering::Relaxed);
    while let Some(loads) = browsers.join_next().await {
        let Loads([old, new]) = loads??;
        println!("{old} loads of the old client and {new} of the next");
        ensure!(old > 0 && new > 0);
    }
    Ok(())
}
