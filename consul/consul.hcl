# Added to what "consul agent -dev" sets: one agent that is also the server, in memory, with the user interface.

# Reachable by the other containers. Nothing of it is published on the machine.
client_addr = "0.0.0.0"

# A course needs neither the version check nor a line for each request.
disable_update_check = true
log_level            = "warn"
