//! Debian's and Ubuntu's packages.

use course::process;
use std::process::Command;

/// Where another apt holds the lock, as a machine's own updates do for minutes, it is waited for.
pub const LOCK: &str = "DPkg::Lock::Timeout=300";

/// Whether packages can be installed here without asking a person: on Debian and Ubuntu, as root.
pub fn may_install() -> bool {
    is_there() && nix::unistd::Uid::effective().is_root()
}

/// Whether this system has apt.
pub fn is_there() -> bool {
    process::succeeds("apt-get", &["--version"])
}

/// Installs packages.
///
/// # Errors
/// When one is not to be had.
pub fn install(packages: &[&str]) -> anyhow::Result<()> {
    println!("tools: installing {} with apt-get", packages.join(" and "));
    let apt_get = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(["-o", LOCK])
            .args(arguments);
        process::read(&mut command)
    };
    let install = [
        &["install", "--yes", "--quiet", "--no-install-recommends"],
        packages,
    ]
    .concat();
    // A machine whose lists of packages are old or absent needs them first.
    if apt_get(&install).is_err() {
        apt_get(&["update", "--quiet"])?;
        apt_get(&install)?;
    }
    Ok(())
}
