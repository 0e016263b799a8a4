"""Sign-in by the work apps of Chinese companies, beside OpenID Connect: 企业微信, 钉钉 and 飞书.

`base` is what they have in common, each module speaks the protocol of one of them, `calls` is how they are called.
"""
