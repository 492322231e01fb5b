"""Where everything meets: the parts, the flow of stages, and the commands that use them."""
