/** Which rules these are. `protocol::game::RULES` is its twin, and says when it is raised. */
export const RULES = 1;
