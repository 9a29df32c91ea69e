//! Where records and spans are sent. The names of the variables are OpenTelemetry's.

use clap::Args;
use http::Uri;

/// Where records and spans are sent.
#[derive(Args, Clone, Debug)]
pub struct OtlpConfig {
    /// Store of the logs, by OTLP over HTTP, such as http://logs:9428/insert/opentelemetry/v1/logs; none when left out
    #[arg(
        long = "otlp-logs",
        env = "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
        global = true,
        value_parser = endpoint,
        value_name = "URL"
    )]
    pub logs_endpoint: Option<Uri>,

    /// Store of the traces, by OTLP over HTTP, such as http://jaeger:4318/v1/traces; none when left out
    #[arg(
        long = "otlp-traces",
        env = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
        global = true,
        value_parser = endpoint,
        value_name = "URL"
    )]
    pub traces_endpoint: Option<Uri>,

    /// Share of the traces that are sent: 0 to 1
    #[arg(
        long,
        env = "TRACE_SHARE",
        global = true,
        default_value = "0.05",
        value_parser = share,
        value_name = "SHARE"
    )]
    pub trace_share: f64,
}

fn endpoint(text: &str) -> Result<Uri, String> {
    let url: Uri = text.parse().map_err(|error| format!("{error}"))?;
    // Both are servers of the same network as this one, and nothing in here speaks TLS.
    if url.scheme_str() != Some("http") || url.host().is_none_or(str::is_empty) {
        return Err("it must begin with http:// and name a host".to_owned());
    }
    Ok(url)
}

fn share(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|error| format!("{error}"))?;
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else {
        Err("it must be 0 to 1".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leads_to_no_store_is_refused() {
        assert!(endpoint("http://logs:9428/insert/opentelemetry/v1/logs").is_ok());
        for bad in [
            "",
            "logs:9428",
            "https://logs",
            "http://",
            "/logs",
            "http:// x",
        ] {
            assert!(endpoint(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_share_is_a_part_of_one() {
        assert_eq!(share("0.05"), Ok(0.05));
        for bad in ["", "-0.1", "1.1", "NaN", "half"] {
            assert!(share(bad).is_err(), "{bad}");
        }
    }
}
