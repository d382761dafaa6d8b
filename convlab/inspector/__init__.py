"""Why a layer has the shape it has: derivations that print well."""
