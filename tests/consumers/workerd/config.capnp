using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "main", worker = .worker)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);

const worker :Workerd.Worker = (
  compatibilityDate = "2026-01-01",
  bindings = [(name = "APS_SHA_REQUEST_PHRASE", fromEnvironment = "APS_SHA_REQUEST_PHRASE")],
  modules = [
    (name = "worker.js", esModule = embed "dist/worker.js"),
    (name = "aps_payops_bg.wasm", wasm = embed "dist/aps_payops_bg.wasm"),
  ],
);
