//! How those are fetched who ask, keep and tell what is measured.
//!
//! Debian has most of them as programs, but took out of Prometheus what asks Consul, packages no tool that tests rules, and lets Alertmanager look
//! for its files where only the package manager may put them. So these three are built of Debian's sources, in which all of it still is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use course::process;

use super::debian::Release;
use crate::docker;

/// Leaves the program in a folder.
type Way = fn(&Path) -> anyhow::Result<()>;

/// Each way to get a program, with its name.
pub fn ways(program: &str) -> &'static [(&'static str, Way)] {
    match program {
        "prometheus" => &[
            ("Debian's source packages", from_source),
            ("its Docker image", |folder| {
                let target = folder.join("prometheus");
                docker::copy_from_image("prometheus", "/bin/prometheus", &target)
            }),
        ],
        "promtool" => &[
            ("Debian's source packages", from_source),
            ("its Docker image", |folder| {
                let target = folder.join("promtool");
                docker::copy_from_image("prometheus", "/bin/promtool", &target)
            }),
        ],
        "alertmanager" => &[
            ("Debian's source packages", from_source),
            ("its Docker image", |folder| {
                let target = folder.join("alertmanager");
                docker::copy_from_image("alertmanager", "/bin/alertmanager", &target)
            }),
        ],
        "victoria-metrics" => &[("Debian's packages", |folder| {
            let name = "victoria-metrics";
            packaged(name, name, &folder.join(name), folder)
        })],
        "vmalert-tool" => &[("Debian's packages", |folder| {
            let name = "vmalert-tool";
            packaged("victoria-metrics", name, &folder.join(name), folder)
        })],
        _ => &[],
    }
}

/// What tests compare with, or test rules by. No system needs it to run.
pub const FOR_TESTS: [&str; 3] = ["promtool", "victoria-metrics", "vmalert-tool"];

/// The programs that are made of these sources, each with the project that it belongs to. Most of the work is the same for all of them, so
/// whoever wants one gets the others, too.
pub const MADE_TOGETHER: [(&str, &str); 3] = [
    ("prometheus", "prometheus"),
    ("promtool", "prometheus"),
    ("alertmanager", "alertmanager"),
];

/// The release whose programs and sources are taken, and the last that has the client for Consul's API.
const RELEASE: &str = "trixie";
const RELEASE_WITH_CONSUL: &str = "bullseye";

const GO: &str = "golang-1.24";

/// What Prometheus is built of, with all that it needs.
const SOURCE: &str = "golang-github-prometheus-prometheus-dev";

/// The client for Consul's API, and what it needs and Prometheus does not.
const CONSUL_API: &str = "golang-github-hashicorp-consul-dev";
const FOR_CONSUL_API: [&str; 2] = [
    "golang-github-hashicorp-go-rootcerts-dev",
    "golang-github-mitchellh-go-homedir-dev",
];

/// How targets are found here. Each of the others would need a client of its own, and most of those are not in Debian.
const PLUGINS: [&str; 4] = ["consul", "dns", "file", "http"];

/// What newer clients for Consul know, and this one does not. Nobody here sets it.
const UNKNOWN_TO_THE_CLIENT: [&str; 3] = [
    "PathPrefix: conf.PathPrefix,",
    "Partition:  conf.Partition,",
    "serviceNode.Service.Partition",
];

/// Takes a program out of a package, which is not installed.
fn packaged(package: &str, program: &str, target: &Path, folder: &Path) -> anyhow::Result<()> {
    let root = folder.join("root");
    Release::open(RELEASE, folder)?.unpack(&[package.to_owned()], &root)?;
    let found = root.join("usr/bin").join(program);
    fs::copy(&found, target).with_context(|| format!("{package} holds no {program}"))?;
    let works = process::succeeds(&target.to_string_lossy(), &["--version"]);
    ensure!(works, "libraries that it needs are missing");
    Ok(())
}

/// Builds all three in the folder, where everything stays.
fn from_source(folder: &Path) -> anyhow::Result<()> {
    println!("tools: downloading Go and 430 packages, 180 MB");
    let root = sources(folder)?;
    let go_root = root.join(format!("usr/lib/{}", GO.replace("golang", "go")));
    let go_path = root.join("usr/share/gocode");
    println!(
        "tools: building Prometheus and Alertmanager, which takes four minutes of a core, or more"
    );
    for (program, project) in MADE_TOGETHER {
        let mut go = Command::new(go_root.join("bin/go"));
        go.args(["build", "-trimpath", "-tags", "netgo", "-ldflags", "-s -w"])
            .arg("-o")
            .arg(folder.join(program))
            .arg(format!("./cmd/{program}"))
            .current_dir(go_path.join("src/github.com/prometheus").join(project))
            .env("GOROOT", &go_root)
            .env("GOPATH", &go_path)
            .env("GOCACHE", folder.join("go-cache"))
            // What a person has set for other programs does not count, and Go downloads nothing.
            .envs([("GOENV", "off"), ("GOFLAGS", ""), ("GOTOOLCHAIN", "local")])
            .envs([("GO111MODULE", "off"), ("CGO_ENABLED", "0")]);
        process::read(&mut go)?;
    }
    Ok(())
}

/// Go and all sources, with what Debian took out of them put back.
fn sources(folder: &Path) -> anyhow::Result<PathBuf> {
    let root = folder.join("root");
    let release = Release::open(RELEASE, folder)?;
    let mut packages = release.sources_of(SOURCE)?;
    packages.extend(FOR_CONSUL_API.map(str::to_owned));
    packages.extend([format!("{GO}-go"), format!("{GO}-src")]);
    release.unpack(&packages, &root)?;
    Release::open(RELEASE_WITH_CONSUL, folder)?.unpack(&[CONSUL_API.to_owned()], &root)?;
    let projects = root.join("usr/share/gocode/src/github.com/prometheus");
    let source = projects.join("prometheus");
    for file in ["consul.go", "metrics.go"] {
        change(&source.join("discovery/consul").join(file), put_back)?;
    }
    let alertmanager = projects.join("alertmanager");
    change(&alertmanager.join("cmd/alertmanager/main.go"), |text| {
        // It needs no templates but those of a configuration, and ours has none.
        text.replace(
            "template.FromGlobs(\"/usr/share/prometheus/alertmanager\", ",
            "template.FromGlobs(\"\", ",
        )
    })?;
    change(&alertmanager.join("ui/web.go"), from_the_program)?;
    // It names what once made the files, and does not need it any more.
    fs::remove_file(alertmanager.join("asset/doc.go"))
        .context("Debian's source has no asset/doc.go")?;
    let imports = PLUGINS
        .map(|name| format!("\t_ \"github.com/prometheus/prometheus/discovery/{name}\"\n"))
        .concat();
    let plugins = format!("package plugins\n\nimport (\n{imports})\n");
    fs::write(source.join("plugins/plugins.go"), plugins)?;
    Ok(root)
}

fn change(path: &Path, change: impl Fn(&str) -> String) -> anyhow::Result<()> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("Debian's source has no {}", path.display()))?;
    let changed = change(&text);
    ensure!(changed != text, "{} is not as expected", path.display());
    fs::write(path, changed).with_context(|| format!("cannot write {}", path.display()))
}

/// Alertmanager's pages out of the program itself, where they still are.
fn from_the_program(text: &str) -> String {
    const SERVE: &str = r#"
func serve(w http.ResponseWriter, req *http.Request, name string) {
	file, err := asset.Assets.Open(name)
	if err != nil {
		http.NotFound(w, req)
		return
	}
	defer file.Close()
	http.ServeContent(w, req, name, time.Time{}, file)
}
"#;
    let imports = "import (\n\t\"time\"\n\n\t\"github.com/prometheus/alertmanager/asset\"";
    let text = text.replacen("import (", imports, 1).replace(
        "http.ServeFile(w, req, path.Join(uiPath, ",
        "serve(w, req, path.Join(\"/static\", ",
    );
    text + SERVE
}

/// A file that Debian keeps from being compiled, and without what its client for Consul does not know.
fn put_back(text: &str) -> String {
    let is_kept = |line: &&str| {
        let line = line.trim_start();
        !line.starts_with("//go:build ignore")
            && !line.starts_with("// +build ignore")
            && !UNKNOWN_TO_THE_CLIENT.iter().any(|name| line.contains(name))
    };
    let mut kept = text.lines().filter(is_kept).collect::<Vec<_>>().join("\n");
    kept.push('\n');
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_asks_consul_is_compiled_again() {
        let text = "//go:build ignore\n// +build ignore\n\npackage consul\n\n\
                    \tPathPrefix: conf.PathPrefix,\n\tName: a,\n";
        assert_eq!(put_back(text), "\npackage consul\n\n\tName: a,\n");
    }

    #[test]
    fn each_program_has_a_way() {
        for program in [
            "prometheus",
            "promtool",
            "alertmanager",
            "victoria-metrics",
            "vmalert-tool",
        ] {
            assert!(!ways(program).is_empty(), "{program}");
        }
        assert!(ways("nothing").is_empty());
    }
}
