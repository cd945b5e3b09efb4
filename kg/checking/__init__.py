"""The checks of `foedus check`: one module a family, each finding with its place, its rule and what to do."""
