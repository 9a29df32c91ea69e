//! The files of the client: how long a browser may keep each of them, and that they come compressed.

use acceptance::{
    answer::{expect, header},
    player::Player,
};
use anyhow::ensure;

use super::one_replica;

/// The paths of the files that the page names.
fn assets(page: &str) -> Vec<&str> {
    page.split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect()
}

#[tokio::test]
async fn assets_are_kept_for_ever_and_sent_compressed() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    let page = browser.get(&address, "/").send().await?.text().await?;
    ensure!(assets(&page).len() > 1, "{page}");
    for path in assets(&page) {
        let plain = expect(browser.get(&address, path).send().await?, 200).await?;
        let cache = header(&plain, "cache-control")?;
        ensure!(cache == "public, max-age=31536000, immutable", "{cache}");
        ensure!(!plain.headers().contains_key("content-encoding"), "{path}");
        let kind = header(&plain, "content-type")?;
        let plain = plain.bytes().await?;
        for (accepted, encoding) in [("br", "br"), ("gzip", "gzip"), ("gzip, br", "br")] {
            let asked = browser
                .get(&address, path)
                .header("accept-encoding", accepted);
            let packed = expect(asked.send().await?, 200).await?;
            ensure!(header(&packed, "content-encoding")? == encoding);
            ensure!(header(&packed, "content-type")? == kind);
            let vary = header(&packed, "vary")?.to_lowercase();
            ensure!(vary.contains("accept-encoding"), "{path}: vary is {vary}");
            let length = packed.bytes().await?.len();
            ensure!(length < plain.len(), "{path}: {length} and {}", plain.len());
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_that_has_the_page_is_told_so_and_no_more() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    let page = browser.get(&address, "/").send().await?.text().await?;
    for path in ["/", "/lobby"].into_iter().chain(assets(&page)) {
        let first = expect(browser.get(&address, path).send().await?, 200).await?;
        for (name, asked) in [
            ("etag", "if-none-match"),
            ("last-modified", "if-modified-since"),
        ] {
            let known = header(&first, name)?;
            let again = browser.get(&address, path).header(asked, &known);
            let again = expect(again.send().await?, 304).await?;
            ensure!(again.bytes().await?.is_empty(), "{path}: a 304 with a body");
        }
        let other = browser
            .get(&address, path)
            .header("if-none-match", "\"other\"");
        expect(other.send().await?, 200).await?;
    }
    Ok(())
}

#[tokio::test]
async fn nothing_runs_but_the_scripts_of_this_server() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let page = Player::nobody("")?.get(&address, "/").send().await?;
    let policy = header(&page, "content-security-policy")?;
    for part in ["default-src 'none'", "script-src 'self'"] {
        ensure!(policy.contains(part), "{policy}");
    }
    Ok(())
}
