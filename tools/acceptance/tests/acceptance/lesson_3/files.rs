//! The client is one file: it needs no other, comes compressed, and says itself what may run on it.

use acceptance::{
    answer::{expect, header},
    player::Player,
};
use anyhow::{Context, ensure};

use super::one_replica;

#[tokio::test]
async fn the_page_comes_compressed() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    let plain = expect(browser.get(&address, "/").send().await?, 200).await?;
    ensure!(!plain.headers().contains_key("content-encoding"));
    let plain = plain.bytes().await?.len();
    for (accepted, encoding) in [("br", "br"), ("gzip", "gzip"), ("gzip, br", "br")] {
        let asked = browser.get(&address, "/");
        let asked = asked.header("accept-encoding", accepted);
        let packed = expect(asked.send().await?, 200).await?;
        ensure!(header(&packed, "content-encoding")? == encoding);
        let vary = header(&packed, "vary")?.to_lowercase();
        ensure!(vary.contains("accept-encoding"), "vary is {vary}");
        let length = packed.bytes().await?.len();
        ensure!(length < plain, "{length} and {plain}");
    }
    Ok(())
}

#[tokio::test]
async fn a_browser_that_has_the_page_is_told_so_and_no_more() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let browser = Player::nobody("")?;
    for path in ["/", "/lobby"] {
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
async fn nothing_runs_but_what_stands_in_the_page() -> anyhow::Result<()> {
    let (_stack, address) = one_replica().await?;
    let page = Player::nobody("")?.get(&address, "/").send().await?;
    let page = page.text().await?;
    let (_, policy) = page
        .split_once(r#"<meta http-equiv="content-security-policy" content=""#)
        .context("the page has no policy")?;
    let (policy, rest) = policy.split_once('"').context("the policy has no end")?;
    for part in [
        "default-src 'none'",
        "script-src 'sha256-",
        "style-src 'sha256-",
    ] {
        ensure!(policy.contains(part), "{policy}");
    }
    ensure!(!policy.contains("unsafe"), "{policy}");
    // A policy holds for what comes after it.
    ensure!(rest.contains("<script") && rest.contains("<style"));
    Ok(())
}
