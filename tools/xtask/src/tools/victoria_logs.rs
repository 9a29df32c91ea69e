//! How `VictoriaLogs` is fetched. No system packages it as a program, but Debian has its source, with all that it is built of.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use course::process;

use super::apt;
use crate::docker;

/// Leaves the program in a folder.
type Way = fn(&Path) -> anyhow::Result<()>;

/// Each way to get it, with its name.
pub const WAYS: &[(&str, Way)] = &[
    ("Debian's source packages", from_debian),
    ("its Docker image", from_image),
];

/// The last release of Debian that has the source, and Go to build it. Later ones have it without this program.
const RELEASE: &str = "trixie";

const GO: &str = "golang-1.24";

/// What the program imports. The source's own package names more, for other programs, and not all of these.
const SOURCES: [&str; 14] = [
    "golang-github-cespare-xxhash-dev",
    "golang-github-golang-snappy-dev",
    "golang-github-klauspost-compress-dev",
    "golang-github-valyala-bytebufferpool-dev",
    "golang-github-valyala-fastjson-dev",
    "golang-github-valyala-fastrand-dev",
    "golang-github-valyala-fasttemplate-dev",
    "golang-github-valyala-histogram-dev",
    "golang-github-valyala-quicktemplate-dev",
    "golang-github-victoriametrics-easyproto-dev",
    "golang-github-victoriametrics-metrics-dev",
    "golang-github-victoriametrics-metricsql-dev",
    "golang-github-victoriametrics-victoriametrics-dev",
    "golang-golang-x-sys-dev",
];

/// Builds it in the folder, where everything stays: nothing is installed.
fn from_debian(folder: &Path) -> anyhow::Result<()> {
    println!(
        "tools: downloading Go and {} packages, 90 MB",
        SOURCES.len()
    );
    let root = unpacked(folder)?;
    println!("tools: building victoria-logs, which takes one minute of a core, or more");
    let go_root = root.join(format!("usr/lib/{}", GO.replace("golang", "go")));
    let go_path = root.join("usr/share/gocode");
    let source = go_path.join("src/github.com/VictoriaMetrics/VictoriaMetrics");
    let mut go = Command::new(go_root.join("bin/go"));
    go.args(["build", "-trimpath", "-ldflags", "-s -w", "-o"])
        .arg(folder.join("victoria-logs"))
        .arg("./app/victoria-logs")
        .current_dir(&source)
        .env("GOROOT", &go_root)
        .env("GOPATH", &go_path)
        .env("GOCACHE", folder.join("go-cache"))
        // What a person has set for other programs does not count, and Go downloads nothing.
        .envs([("GOENV", "off"), ("GOFLAGS", ""), ("GOTOOLCHAIN", "local")])
        .envs([("GO111MODULE", "off"), ("CGO_ENABLED", "0")]);
    process::read(&mut go).map(drop)
}

/// Downloads the packages and unpacks them into one folder.
fn unpacked(folder: &Path) -> anyhow::Result<PathBuf> {
    let site = process::read(Command::new("apt-get").args([
        "indextargets",
        "--format",
        "$(SITE)",
        "Label: Debian",
    ]))?;
    let site = site.lines().next();
    let site = site.context("this machine's apt gets nothing from Debian")?;
    // Lists and sources of our own, as for a system that has nothing: the machine's apt stays as it is, and we need not be root.
    let apt = folder.join("apt");
    for inner in ["lists/partial", "cache/archives/partial", "packages"] {
        fs::create_dir_all(apt.join(inner))?;
    }
    let sources = apt.join("sources.list");
    let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let line = format!("deb [signed-by={keys}] {site} {RELEASE} main\n");
    fs::write(&sources, line)?;
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-o", apt::LOCK]);
        for option in [
            format!("Dir::Etc::sourcelist={}", sources.display()),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::lists={}", apt.join("lists").display()),
            "Dir::State::status=/dev/null".to_owned(),
            format!("Dir::Cache={}", apt.join("cache").display()),
            "Acquire::Languages=none".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command
    };
    process::read(apt_get().arg("update"))?;
    let go = [format!("{GO}-go"), format!("{GO}-src")];
    let packages = apt.join("packages");
    let mut download = apt_get();
    download.arg("download").args(go).args(SOURCES);
    process::read(download.current_dir(&packages))?;
    let root = folder.join("root");
    let mut found = 0;
    for package in fs::read_dir(&packages)? {
        let mut unpack = Command::new("dpkg");
        unpack.arg("-x").arg(package?.path()).arg(&root);
        process::read(&mut unpack)?;
        found += 1;
    }
    ensure!(
        found == SOURCES.len() + 2,
        "apt-get downloaded {found} packages"
    );
    Ok(root)
}

fn from_image(folder: &Path) -> anyhow::Result<()> {
    docker::copy_from_image("logs", "/victoria-logs-prod", &folder.join("victoria-logs"))
}
