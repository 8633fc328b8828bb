//! Internet addresses: IP addresses of customers, and URLs that a browser is redirected to.

use crate::text::{cut, is_digits};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether a text is exactly one IPv4 or IPv6 address.
pub(super) fn is_ip(text: &str) -> bool {
    text.parse::<IpAddr>().is_ok()
}

/// The relevant parts of an absolute URL.
pub(super) struct Url<'t> {
    scheme: &'t str,
    host: &'t str,
    /// Whether a fragment follows.
    pub(super) has_fragment: bool,
}

impl<'t> Url<'t> {
    /// Parses a URL that has a scheme and a host.
    pub(super) fn read(text: &'t str) -> Option<Self> {
        let (scheme, rest) = cut(text, ':')?;
        let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'));
        if !is_scheme || !scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) {
            return None;
        }
        let rest = rest.strip_prefix("//")?;
        let end = rest.bytes().position(|byte| matches!(byte, b'/' | b'\\' | b'?' | b'#')).unwrap_or(rest.len());
        let (authority, path) = rest.split_at_checked(end)?;
        let at = authority.rfind('@').map_or(0, |at| at.saturating_add(1));
        let host = without_port(authority.get(at..)?)?;
        let is_seen = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii();
        let is_host = host.bytes().any(is_seen) && !host.bytes().any(|byte| byte.is_ascii_whitespace());
        is_host.then(|| Self { scheme, host, has_fragment: cut(path, '#').is_some() })
    }

    /// Whether what is sent there cannot be read or changed on the way: https, or this machine.
    pub(super) fn is_secure(&self) -> bool {
        self.scheme.eq_ignore_ascii_case("https")
            || (self.scheme.eq_ignore_ascii_case("http") && is_loopback(self.host))
    }
}

/// A host with an optional numeric port; an IPv6 address is in brackets.
fn without_port(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = cut(rest, ']').filter(|(host, _)| host.parse::<Ipv6Addr>().is_ok())?;
            (host, if after.is_empty() { "" } else { after.strip_prefix(':')? })
        }
        None => cut(authority, ':').unwrap_or((authority, "")),
    };
    (port.is_empty() || (is_digits(port) && port.parse::<u16>().is_ok())).then_some(host)
}

fn is_loopback(host: &str) -> bool {
    let name = "localhost";
    let end = host.len().checked_sub(name.len()).and_then(|at| host.split_at_checked(at));
    end.is_some_and(|(before, own)| own.eq_ignore_ascii_case(name) && (before.is_empty() || before.ends_with('.')))
        || host.parse::<Ipv4Addr>().is_ok_and(|own| own.is_loopback())
        || host.parse::<Ipv6Addr>().is_ok_and(|own| own.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Url, is_ip};

    #[test]
    fn an_ip_address_is_alone() {
        for text in ["192.0.2.1", "0.0.0.0", "2001:0db8:3042:0002:5a55:caff:fef6:bdbf", "::1", "::ffff:192.0.2.1"] {
            assert!(is_ip(text), "{text}");
        }
        for text in [
            "",
            "unknown",
            "localhost",
            "256.0.0.1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4:80",
            "[::1]",
            "[::1]:80",
            "fe80::1%eth0",
            "1.2.3.4, 5.6.7.8",
            "2001:db8::1::2",
            "12345::1",
            "192.168.01.1",
            "10.0.0.0/8",
            " 1.2.3.4",
            "1.2.3.4 ",
            "٠.٠.٠.٠",
        ] {
            assert!(!is_ip(text), "{text}");
        }
    }

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        let secure = |text| Url::read(text).map(|url| (url.is_secure(), url.has_fragment));
        for (text, expected) in [
            ("https://shop.example/return?a=1", (true, false)),
            ("HTTPS://SHOP.example", (true, false)),
            ("https://shop.example:8443/", (true, false)),
            ("https://[2001:db8::1]:8443/", (true, false)),
            ("https://متجر.example/", (true, false)),
            ("https://user@shop.example/", (true, false)),
            ("http://localhost:3000/return", (true, false)),
            ("http://shop.localhost/", (true, false)),
            ("http://127.8.9.1/", (true, false)),
            ("http://[::1]:80/", (true, false)),
            ("http://shop.example/", (false, false)),
            ("http://localhost.example/", (false, false)),
            ("http://notlocalhost/", (false, false)),
            ("http://127.example/", (false, false)),
            ("http://localhost@shop.example/", (false, false)),
            ("ftp://localhost/", (false, false)),
            ("shop-app://return", (false, false)),
            ("https://shop.example/#done", (true, true)),
            ("https://shop.example#", (true, true)),
            ("http://shop.example/?a#b", (false, true)),
        ] {
            assert_eq!(secure(text), Some(expected), "{text}");
        }
        for text in [
            "",
            "/return",
            "return.php",
            "?order=1",
            "#done",
            "//shop.example/return",
            "shop.example/return",
            "shop.example:8080/return",
            "localhost:3000",
            "www.merchant.com",
            "https:/shop.example",
            "https:shop.example",
            "https://",
            "https:///return",
            "https://?a",
            "https://#a",
            "https://:443/",
            "https://user@/",
            "https://./",
            "https://[::1/",
            "https://[shop.example]/",
            "https://shop.example:http/",
            "https://shop.example:99999/",
            "https:// /",
            "://shop.example",
            "1https://shop.example",
            " https://shop.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@shop.example",
            "about:blank",
        ] {
            assert_eq!(secure(text), None, "{text}");
        }
    }
}
