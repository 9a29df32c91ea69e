# Added to what "consul agent -dev" sets: one agent that is also the server, in memory, with the user interface.

# Reachable by the containers on its network. Nothing of it is published on the machine.
client_addr = "0.0.0.0"

# A course needs neither the version check nor a line for each request.
disable_update_check = true
log_level            = "warn"

# This agent believes whoever reaches it. So what nothing here needs is off: the certificates of services, whose private key
# everybody could read, the profiler, and all doors but that of the HTTP API.
connect      { enabled = false }
enable_debug = false
ports        { dns = -1, grpc = -1, serf_wan = -1 }

# How long a question may wait for something to change. It keeps its connection for so long, even when whoever asked has left.
default_query_time = "10s"
max_query_time     = "10s"

# Traefik asks, and everybody whom it lets look at the user interface: all of them count as one.
limits { http_max_conns_per_client = 1000 }
