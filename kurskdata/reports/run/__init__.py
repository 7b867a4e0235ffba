"""The processes that make editions: forks, kernels, converters, machines."""
