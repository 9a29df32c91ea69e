//! Files that containers can read.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::Context;
use serde_yaml_ng::Value;

use crate::compose_file::services;

/// Lets everybody read the folders below `root` that the compose file mounts.
///
/// Where a person's umask is 077, git writes files that only that person can read. A server in a container is another user, and
/// reads its configuration out of these folders. There is nothing secret in them: passwords come through the environment.
///
/// # Errors
/// When the compose file is not understood, or the files are somebody else's.
pub fn let_containers_read(root: &Path) -> anyhow::Result<()> {
    for (_, service) in services(root)? {
        let volumes = service.get("volumes").and_then(Value::as_sequence);
        let volumes = volumes.into_iter().flatten().filter_map(Value::as_str);
        for folder in volumes.filter_map(|volume| volume.strip_prefix("./")?.split(':').next()) {
            let folder = root.join(folder);
            open(&folder)
                .with_context(|| format!("cannot let containers read {}", folder.display()))?;
        }
    }
    Ok(())
}

fn open(path: &Path) -> std::io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Ok(());
    }
    let mode = metadata.permissions().mode();
    // Whatever its owner may execute or enter.
    let wanted = mode | 0o444 | if mode & 0o100 == 0 { 0 } else { 0o111 };
    if wanted != mode {
        fs::set_permissions(path, fs::Permissions::from_mode(wanted))?;
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path)? {
            open(&entry?.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mounted_can_be_read_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let mode = |path: &str| root.join(path).metadata().unwrap().permissions().mode() & 0o777;
        let write = |path: &str, mode| {
            fs::write(
                root.join(path),
                "services: {a: {volumes: [./conf:/etc:ro, data:/data]}}",
            )
            .unwrap();
            fs::set_permissions(root.join(path), fs::Permissions::from_mode(mode)).unwrap();
        };
        fs::create_dir_all(root.join("conf/deep")).unwrap();
        write("docker-compose.yml", 0o600);
        write("conf/deep/plain", 0o600);
        write("conf/run", 0o700);
        fs::set_permissions(root.join("conf/deep"), fs::Permissions::from_mode(0o700)).unwrap();
        let_containers_read(root).unwrap();
        let modes = [
            "conf/deep",
            "conf/deep/plain",
            "conf/run",
            "docker-compose.yml",
        ]
        .map(mode);
        assert_eq!(modes, [0o755, 0o644, 0o755, 0o600]);
    }
}
