//! Debian's packages of one release, unpacked into a folder of our own: nothing is installed, the machine's apt stays as it is, and we need not
//! be root.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use course::process;

use super::apt;

/// One release of Debian, as this machine's apt gets it.
pub struct Release {
    folder: PathBuf,
}

impl Release {
    /// Fetches the lists of packages of `name`, such as "trixie", into a folder below `folder`.
    ///
    /// # Errors
    /// When this machine's apt gets nothing from Debian.
    pub fn open(name: &str, folder: &Path) -> anyhow::Result<Release> {
        let site = process::read(Command::new("apt-get").args([
            "indextargets",
            "--format",
            "$(SITE)",
            "Label: Debian",
        ]))?;
        let site = site.lines().next();
        let site = site.context("this machine's apt gets nothing from Debian")?;
        let release = Release {
            folder: folder.join(format!("apt-{name}")),
        };
        for inner in ["lists/partial", "cache/archives/partial"] {
            fs::create_dir_all(release.folder.join(inner))?;
        }
        let keys = "/usr/share/keyrings/debian-archive-keyring.gpg";
        let line = format!("deb [signed-by={keys}] {site} {name} main\n");
        fs::write(release.folder.join("sources.list"), line)?;
        process::read(release.apt_get().arg("update"))?;
        Ok(release)
    }

    /// The packages of a name that ends in `-dev` which one package needs, with what those need, and so on: the sources of a program.
    ///
    /// # Errors
    /// When the release has no such package.
    pub fn sources_of(&self, package: &str) -> anyhow::Result<Vec<String>> {
        let mut plan = self.apt_get();
        plan.args(["install", "--print-uris", "--no-install-recommends"]);
        let plan = process::read(plan.arg(package))?;
        // 'http://…' NAME_VERSION_ARCHITECTURE.deb SIZE HASH
        let files = plan.lines().filter(|line| line.starts_with('\''));
        let files = files.filter_map(|line| line.split_whitespace().nth(1));
        let names = files.filter_map(|file| file.split('_').next());
        let names = names.filter(|name| name.starts_with("golang-") && name.ends_with("-dev"));
        Ok(names.map(str::to_owned).collect())
    }

    /// Downloads packages and unpacks them into `root`.
    ///
    /// # Errors
    /// When one of them is not to be had.
    pub fn unpack(&self, packages: &[String], root: &Path) -> anyhow::Result<()> {
        let files = tempfile::tempdir_in(&self.folder)?;
        let mut download = self.apt_get();
        download.arg("download").args(packages);
        process::read(download.current_dir(files.path()))?;
        let mut found = 0;
        for package in fs::read_dir(files.path())? {
            let mut unpack = Command::new("dpkg");
            unpack.arg("-x").arg(package?.path()).arg(root);
            process::read(&mut unpack)?;
            found += 1;
        }
        ensure!(
            found == packages.len(),
            "of {} packages apt-get downloaded {found}",
            packages.len()
        );
        Ok(())
    }

    /// apt with lists of its own, as for a system that has nothing yet.
    fn apt_get(&self) -> Command {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-o", apt::LOCK]);
        let folder = self.folder.display();
        for option in [
            format!("Dir::Etc::sourcelist={folder}/sources.list"),
            "Dir::Etc::sourceparts=-".to_owned(),
            format!("Dir::State::lists={folder}/lists"),
            "Dir::State::status=/dev/null".to_owned(),
            format!("Dir::Cache={folder}/cache"),
            "Acquire::Languages=none".to_owned(),
            "APT::Sandbox::User=root".to_owned(),
        ] {
            command.args(["-o", &option]);
        }
        command
    }
}
