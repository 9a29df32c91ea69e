//! Logging: what happened under one id, from Traefik to the last service.

mod store;
