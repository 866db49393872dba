"""What measured curves say of the junction: loops, bias dependence, errors, dwell times, noise."""
