/// What a Conda package is on PyPI.
enum CondaPackage: Hashable {
    /// - Parameter hasLongerVersions: PyPI numbers its releases with one more part (4.6.0.66 for 4.6.0).
    case pypi(String, hasLongerVersions: Bool = false)
    /// It needs no counterpart, for this reason.
    case ignored(String)
    /// It is a program or library that no wheel brings.
    case system

    /// - Parameter name: in lower case.
    /// - Returns: nil for a package that is not known.
    static func named(_ name: String) -> CondaPackage? {
        if let package = renamed[name] { return package }
        if sameNames.contains(name) { return .pypi(name) }
        if let reason = ignored.first(where: { $0.names.contains(name) })?.reason { return .ignored(reason) }
        if name.hasPrefix("lib") || name.hasPrefix("_") || name.hasPrefix("ld_impl_") || name.hasPrefix("xorg-") {
            return .ignored("it is a system library, which wheels bring themselves or the base image has")
        }
        if systemPackages.contains(name) || name.hasPrefix("r-") || name.hasPrefix("gcc_") || name.hasPrefix("gxx_") {
            return .system
        }
        return nil
    }

    private static let renamed: [String: CondaPackage] = [
        "brotli-python": .pypi("brotli"), "brotlipy": .pypi("brotlipy"), "dask-core": .pypi("dask"),
        "faiss": .pypi("faiss-cpu"), "matplotlib-base": .pypi("matplotlib"), "msgpack-python": .pypi("msgpack"),
        "opencv": .pypi("opencv-python-headless", hasLongerVersions: true),
        "py-opencv": .pypi("opencv-python-headless", hasLongerVersions: true),
        "psycopg2": .pypi("psycopg2-binary"), "py-lightgbm": .pypi("lightgbm"), "py-xgboost": .pypi("xgboost"),
        "py-xgboost-cpu": .pypi("xgboost"), "py-xgboost-gpu": .pypi("xgboost"), "pytables": .pypi("tables"),
        "python-duckdb": .pypi("duckdb"), "python-flatbuffers": .pypi("flatbuffers"),
        "python-graphviz": .pypi("graphviz"),
        "python-snappy": .pypi("python-snappy"), "pytorch": .pypi("torch"), "pytorch-cpu": .pypi("torch"),
        "pytorch-gpu": .pypi("torch"), "redis-py": .pypi("redis"), "tensorflow-base": .pypi("tensorflow"),
        "tensorflow-cpu": .pypi("tensorflow"), "tensorflow-gpu": .pypi("tensorflow"),
        "tensorflow-mkl": .pypi("tensorflow"),
        "typing-extensions": .pypi("typing_extensions"), "typing_extensions": .pypi("typing_extensions"),
        "xgboost-cpu": .pypi("xgboost"),
    ]

    /// Packages of one name and one numbering in both places.
    private static let sameNames = Set(
        """
        absl-py accelerate aiobotocore aiohttp aiosignal alembic annotated-types anyio arrow asgiref asttokens astunparse
        async-timeout attrs autograd babel bcrypt beautifulsoup4 blinker bokeh boto3 botocore bottleneck brotli cachetools
        catboost category_encoders certifi cffi chardet charset-normalizer click cloudpickle colorama contourpy cryptography
        cycler cython cytoolz dask databricks-cli datasets decorator dill distributed docker docutils duckdb entrypoints
        et_xmlfile fastai fastapi fastparquet fasttext feature-engine feature_engine filelock fiona flask flatbuffers
        fonttools frozenlist fsspec future gast gcsfs gensim geopandas gevent gitdb gitpython google-auth google-pasta
        googleapis-common-protos graphviz greenlet grpcio gunicorn h11 h5py holidays html5lib httpcore httptools httpx
        huggingface_hub hyperopt idna imageio imbalanced-learn importlib-metadata importlib_metadata importlib-resources
        importlib_resources ipython itsdangerous jax jinja2 jmespath joblib jsonpickle jsonschema keras keras-preprocessing
        kiwisolver lazy_loader lightgbm lightning lime llvmlite lxml mako markdown markdown-it-py markupsafe matplotlib
        mlflow mlflow-skinny more-itertools mpmath msgpack multidict multiprocess networkx nltk nptyping numba numexpr numpy
        oauthlib onnx onnxruntime onnxmltools openpyxl opt_einsum optuna orjson packaging pandas pandera partd patsy pendulum
        pillow platformdirs plotly pmdarima polars prometheus_client prophet protobuf psutil pyarrow pyasn1 pyasn1-modules
        pycparser pydantic pydantic-core pyerfa pygments pyjwt pymongo pymysql pyod pyopenssl pyparsing pyproj pysocks pyspark
        py4j python-dateutil python-dotenv python-json-logger python-multipart python-slugify pytorch-lightning pytz
        pywavelets pyyaml pyzmq querystring_parser rdkit regex requests requests-oauthlib rich rsa ruamel.yaml s3fs s3transfer
        sacremoses safetensors scikit-image scikit-learn scikit-learn-intelex scipy seaborn sentencepiece setuptools shap
        shapely simplejson six skl2onnx skops sktime slicer smart_open smmap sniffio sortedcontainers soupsieve spacy
        sqlalchemy sqlparse starlette statsmodels sympy tabulate tblib tenacity tensorboard tensorboardx tensorflow
        tensorflow-estimator tensorflow-probability termcolor textblob thinc threadpoolctl tifffile tokenizers toml tomli
        toolz torchaudio torchvision tornado tqdm transformers tslearn tzlocal ujson umap-learn urllib3 uvicorn uvloop
        waitress wandb watchdog websocket-client websockets werkzeug wrapt xarray xgboost xlrd xlsxwriter yarl zipp
        """.split(whereSeparator: \.isWhitespace).map(String.init)
    )

    private static let ignored: [(reason: String, names: Set<String>)] = [
        ("nothing is installed in the running image", ["pip", "wheel", "conda", "mamba"]),
        (
            "wheels of PyPI bring their own",
            [
                "blas", "intel-openmp", "llvm-openmp", "mkl", "mkl-service", "mkl_fft", "mkl_random", "nomkl",
                "openblas", "tbb",
            ]
        ),
        (
            "the wheels of torch and tensorflow choose their own",
            [
                "cpuonly", "cuda", "cuda-cudart", "cuda-runtime", "cudatoolkit", "cudnn", "nccl", "pytorch-cuda",
                "pytorch-mutex",
            ]
        ),
        (
            "it is a system library, which wheels bring themselves or the base image has",
            [
                "bzip2", "c-ares", "ca-certificates", "expat", "fontconfig", "freetype", "gflags", "giflib", "glog",
                "hdf5", "icu",
                "jpeg", "keyutils", "krb5", "lcms2", "lerc", "lz4-c", "ncurses", "openjpeg", "openssl", "orc", "pcre",
                "pcre2",
                "pixman", "pthread-stubs", "python_abi", "re2", "readline", "s2n", "snappy", "sqlite", "tk", "tzdata",
                "xz", "yaml",
                "zlib", "zlib-ng", "zstd",
            ]
        ),
    ]

    private static let systemPackages: Set<String> = [
        "bash", "boost", "cairo", "clang", "cmake", "compilers", "curl", "cxx-compiler", "c-compiler", "ffmpeg", "gcc",
        "gdal",
        "gfortran", "git", "go", "gxx", "java-jdk", "julia", "make", "maven", "nodejs", "openjdk", "pandoc", "perl",
        "r", "r-base",
        "ruby", "rust", "tesseract", "wget",
    ]
}
